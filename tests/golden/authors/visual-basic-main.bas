Sub Main()
    TALK "Hello"
End Sub
