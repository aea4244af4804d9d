x = 1
FUNCTION change()
  y = HEAR
  x = 100
  RETURN y
END FUNCTION
TALK x + change() + x
list = [x, change(), x]
TALK JOIN(list, ",")
TALK MAX(x - 99, LEN(change()))
TALK "a${change()}b${x}"
v = NULL ?? change()
TALK v
w = 0 OR change()
TALK w
u = TRUE ? change() : "no"
TALK u
o = { "k": change(), "x": x }
TALK o.k + o.x
' hear: a
' expect: 1a100
' hear: b
' expect: 100,b,100
' hear: ccc
' expect: 3
' hear: d
' expect: adb100
' hear: e
' expect: e
' hear: f
' expect: f
' hear: g
' expect: g
' hear: h
' expect: h100
