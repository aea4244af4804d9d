' error: unsupported-keyword 6 1
' error: unsupported-keyword 10 1
' error: unsupported-keyword 14 1
' error: unsupported-keyword 17 1
TALK "before"
TABLE orders ON main
  id number key
  ~~ anything " may stand here (
END TABLE
ON EVENT "paid" DO
  TALK "inside"
  NEXT
END ON
SCHEDULE IN 5 SECONDS DO
  LLM "x"
END SCHEDULE
BEGIN MAIL "a@example.com"
Subject: hello ${
END MAIL
TALK "after"
