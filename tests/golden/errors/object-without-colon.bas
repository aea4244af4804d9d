' error: syntax 4 12
' error: syntax 5 11
' error: syntax 6 9
o = { name "Ana" }
p = { "a" = 1 }
q = { 5 + 5 }
TALK o
