ON ERROR RESUME NEXT
x = 5
x = 1 / 0
IF ERROR THEN TALK "failed: " + ERROR MESSAGE
IF x = NULL THEN TALK "x is null"
IF ERR = 1 THEN TALK "number 1"
y = 2
IF ERROR THEN TALK "still" ELSE TALK "cleared"
IF 1 / 0 > 1 THEN TALK "never" ELSE TALK "condition is false"
FOR EACH z IN 5
  TALK "never"
NEXT
FOR i = "a" TO 3
  TALK "never"
NEXT
SELECT CASE 1 / 0
  CASE 1
    TALK "never"
END SELECT
CLEAR ERROR
TALK ERROR
ON ERROR GOTO 0
z = 1 / 0
TALK "never"
' expect: failed: Division by zero
' expect: x is null
' expect: number 1
' expect: cleared
' expect: condition is false
' expect: false
' expect error: E_DIVISION line 23
