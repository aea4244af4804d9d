' error: syntax 6 1
a = 1
SELECT CASE a
CASE ELSE
  TALK "else"
CASE 2
  TALK "two"
END SELECT
