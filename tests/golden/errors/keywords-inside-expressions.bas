' warning: not-available 9 5
' warning: not-available 10 5
' warning: not-available 14 34
' warning: not-available 19 6
' warning: not-available 20 12
TALK USERNAME
TALK SESSION_ID() + BOT_ID()
y = SESSION_ID()
x = DELETE "https://example.com/1"
x = DELETE HTTP "https://example.com/1"
b = GET BOT MEMORY("a") OR "none"
c = (GET "session.name" OR "Unknown")
h = "Bearer " + GET BOT MEMORY("k")
IF GET BOT MEMORY("a") = "x" AND FIND "t", "a=1" THEN TALK "a"
IF NOT FIND("t", "a=1") THEN TALK "b"
FOR EACH row IN FIND "t" WHERE a = 1
  TALK row.a
NEXT
TALK LLM "Hello " + USERNAME
TALK "x" + REWRITE "bad text"
RETURN FIND "t", "id=1"
