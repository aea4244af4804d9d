' error: stray-end 4 1
x = 1
IF x THEN TALK "one line"
ELSE
  TALK "other"
END IF
