IF x THEN
  TALK "never"
END IF
GET x
IF x THEN TALK "stored " + x
x = HEAR
x = NULL
GET x
TALK "[" + x + "]"
x = "kept"
FOR i = 1 TO 2
  last = i
NEXT
' hear: a
' expect: []
' expect variables: {"x": "kept", "last": 2}
' new run:
' expect: stored kept
' hear: b
' expect: []
