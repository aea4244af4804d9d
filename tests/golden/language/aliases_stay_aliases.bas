a = [1]
b = a
PUSH b, 2
o = { "list": a }
x = HEAR
PUSH b, 3
TALK JOIN(a, ",")
x = HEAR
PUSH o.list, 4
TALK JOIN(a, ",") + " " + LEN(b)
' hear: go
' expect: 1,2,3
' hear: go
' expect: 1,2,3,4 4
