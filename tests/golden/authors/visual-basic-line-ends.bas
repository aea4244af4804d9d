message = "Hello " & _
    "there"
TALK message: TALK "again"
CONST GREETING = "Hi"
STATIC counter
Let x = 5
x = x + 1 : TALK x
