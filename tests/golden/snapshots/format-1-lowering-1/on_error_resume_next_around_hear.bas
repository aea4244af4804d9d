ON ERROR RESUME NEXT
FUNCTION broken()
  q = HEAR
  THROW "broken " + q
END FUNCTION
x = 1
x = broken() / 0
TALK ERROR MESSAGE
TALK TYPEOF(x)
IF 5 < broken() / 0 THEN
  TALK "never"
ELSE
  TALK "else"
END IF
FOR EACH item IN broken() / 0
  TALK "never"
NEXT
WHILE broken() / 0 > 1
  TALK "never"
WEND
FOR EACH item IN ["a", "b"]
  h = HEAR
  bad = 1 / 0
  TALK item + h
NEXT
TALK "end"
' hear: 1
' expect: Division by zero
' expect: null
' hear: 2
' expect: else
' hear: 3
' hear: 4
' hear: p
' expect: ap
' hear: q
' expect: bq
' expect: end
