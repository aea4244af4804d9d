' warning: not-available 6 1
' error: unsupported-keyword 10 1
' error: unsupported-keyword 14 1
' warning: not-available 17 1
TALK "before"
TABLE orders ON main
  id number key
  name string(100)
END TABLE
ON EVENT "paid" DO
  TALK "inside"
  NEXT
END ON
SCHEDULE IN 5 SECONDS DO
  LLM "x"
END SCHEDULE
BEGIN MAIL "a@example.com"
Subject: hello
END MAIL
TALK "after"
