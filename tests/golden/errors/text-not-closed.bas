' error: unclosed-string 3 6
' error: unclosed-string 5 5
TALK "Hello
TALK "World"
x = "never closed
