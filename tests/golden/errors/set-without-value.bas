' error: syntax 4 9
' error: syntax 5 6
' error: syntax 6 16
SET name
LET x
SET "session.x"
