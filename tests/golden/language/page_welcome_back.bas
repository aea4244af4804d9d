last_visit = GET BOT MEMORY "last_visit_" + session_id
IF last_visit THEN
  TALK "Welcome back! Last seen: " + last_visit
ELSE
  TALK "Welcome! First time here?"
END IF
SET BOT MEMORY "last_visit_" + session_id, NOW()
' expect: Welcome! First time here?
' new run:
' expect: Welcome back! Last seen: 2026-03-04T15:06:07+00:00
