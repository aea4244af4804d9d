session_id = GET "session.id"
TALK "Session: " + session_id
' expect: Session: session-1
