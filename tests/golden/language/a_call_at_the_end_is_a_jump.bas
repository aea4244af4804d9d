GET rounds
IF rounds = NULL THEN rounds = 0
rounds = rounds + 1
IF rounds > 300 THEN
  TALK "300 rounds"
  EXIT
END IF
CALL "start.bas"
' expect: 300 rounds
