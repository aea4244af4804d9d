' error: misplaced-header 4 3
' error: misplaced-header 5 3
IF 1 THEN
  PARAM x AS STRING
  DESCRIPTION "late"
END IF
TALK x
