' warning: missing-script 3 6
' warning: missing-script 4 10
CALL "start.bas"
x = CALL "other", 1, "two"
CALL other_procedure(1)
SUB other_procedure(n)
  TALK n
END SUB
TALK x
