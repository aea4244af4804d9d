On Error GoTo Handler
x = 1 / 0
Exit Sub
Handler:
TALK Err.Description
Resume Next
