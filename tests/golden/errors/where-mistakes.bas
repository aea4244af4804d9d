' error: syntax 8 19
' error: syntax 9 26
' warning: not-available 10 5
' error: syntax 10 14
' error: syntax 11 26
' error: syntax 12 20
' error: syntax 13 31
a = FIND "t" WHERE
b = FIND "t" WHERE x = 1 y = 2
c = FIND "t" WHERE = 5
d = FIND "t" WHERE x NOT 5
e = FIND "t" ORDER name
f = FIND "t" WHERE x BETWEEN 1
TALK a + b + c + d + e + f
