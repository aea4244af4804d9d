' error: syntax 5 3
' error: syntax 10 9
a = 1
SELECT CASE a
  TALK "before"
CASE 1
  TALK "one"
END SELECT
SELECT CASE a
CASE IS "x"
  TALK "x"
END SELECT
