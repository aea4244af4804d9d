' error: unclosed-string 14 8
' error: syntax 16 5
' error: syntax 17 14
' error: syntax 18 20
' error: syntax 19 12
' error: syntax 20 22
' error: syntax 21 12
' error: syntax 22 20
' error: syntax 23 15
' error: syntax 24 14
' error: syntax 25 13
' error: syntax 26 7
IF x THEN
  TALK "open
END IF
FIND
SAVE "orders"
UPDATE "orders" SET
DELETE FROM
rows = FIND "a" WHERE
FILTER rows
MERGE "t" WITH rows
SET HEADER "x"
SEND MAIL "a"
REMEMBER "k"
USE KB
