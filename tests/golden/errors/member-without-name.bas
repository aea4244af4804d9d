' error: syntax 3 7
' error: syntax 6 8
x = a.
TALK x
o = { a: 1 }
TALK o[]
