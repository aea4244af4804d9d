FOR row = 1 TO 2
  FOR EACH column IN ["a", "b"]
    HEAR v
    TALK row + column + "=" + v
  NEXT
  WHILE v <> "next"
    HEAR v
  WEND
NEXT
' hear: 1
' expect: 1a=1
' hear: 2
' expect: 1b=2
' hear: x
' hear: next
' hear: 3
' expect: 2a=3
' hear: next
' expect: 2b=next
