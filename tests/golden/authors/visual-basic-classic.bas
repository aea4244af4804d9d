Option Explicit
Dim name As String
name = InputBox("What is your name?")
MsgBox "Hello " & name
Dim age%
INPUT "How old are you"; age
PRINT "You are "; age
