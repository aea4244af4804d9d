' error: stray-end 5 1
' error: stray-end 7 1
x = 1
IF x THEN TALK "one line"
ELSE
  TALK "other"
END IF
