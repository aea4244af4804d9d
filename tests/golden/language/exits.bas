FOR i = 1 TO 10
  IF i = 3 THEN CONTINUE
  IF i = 5 THEN EXIT FOR
  TALK i
NEXT
FOR i = 1 TO 3
  WHILE TRUE
    IF i = 2 THEN EXIT FOR
    TALK "inner " + i
    BREAK
  WEND
NEXT
SUB early(n)
  IF n > 1 THEN EXIT SUB
  TALK "early " + n
END SUB
early(1)
early(2)
FOR i = 1 TO 10
  IF i = 4 THEN i = 9
  TALK "i " + i
NEXT
SUB final()
  EXIT
END SUB
final()
TALK "never"
' expect: 1
' expect: 2
' expect: 4
' expect: inner 1
' expect: early 1
' expect: i 1
' expect: i 2
' expect: i 3
' expect: i 9
' expect: i 10
