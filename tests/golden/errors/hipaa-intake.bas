' error: unsupported-keyword 11 1
' warning: not-available 12 1
HEAR reason AS "What would you like?"
HEAR birth AS DATE WITH "Your date of birth, please." DEFAULT ""
HEAR agree AS BOOLEAN WITH "May we keep this?"
IF NOT agree THEN
  TALK "Nothing was kept."
  EXIT
END IF
REMEMBER "birth", birth, "90 days"
AUDIT LOG "intake", reason
SAVE "intake", reason, birth
