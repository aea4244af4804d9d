Imports System
Module Program
    Private Sub Greet(ByVal who As String)
        Console.WriteLine("Hello " & who)
    End Sub
End Module
