' error: comparison-chain 3 10
a = 2
IF 1 < a < 3 THEN
  TALK "between"
END IF
