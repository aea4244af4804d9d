FOR i = 10 TO 4 STEP -3
  x = HEAR
  TALK x + i
NEXT
FOR half = 0 TO 1 STEP 0.5
  y = HEAR
  TALK y + half
NEXT
FOR never = 5 TO 1
  TALK "never"
NEXT
' hear: a
' expect: a10
' hear: b
' expect: b7
' hear: c
' expect: c4
' hear: d
' expect: d0
' hear: e
' expect: e0.5
' hear: f
' expect: f1
