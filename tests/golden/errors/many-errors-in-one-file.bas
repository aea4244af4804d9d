' error: unknown-name 7 1
' error: syntax 8 11
' error: syntax 9 8
' error: syntax 10 7
' error: syntax 11 8
TALK "first is fine"
TLAK "second is not"
x = (1 + 2]
y = 1 +* 2
IF y >> 1 THEN
  TALK )
END IF
TALK "last is fine"
