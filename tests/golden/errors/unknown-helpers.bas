' error: unknown-name 3 4
' error: unknown-name 4 11
IF IS_ACTIVE(username) THEN
  level = DETECT_URGENCY(message)
  TALK level
END IF
