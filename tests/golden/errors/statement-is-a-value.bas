' error: syntax 6 1
' error: syntax 7 1
' error: syntax 8 1
' error: syntax 9 1
x = 1
"hello"
5 + 5
[1, 2]
x < 5
TALK x
