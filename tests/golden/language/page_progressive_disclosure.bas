msg_count = GET "session.message_count"
IF msg_count < 3 THEN
  TALK "I can help with basic questions"
ELSE IF msg_count < 10 THEN
  TALK "Try our advanced features!"
ELSE
  TALK "You're a power user! Check tools menu"
END IF
' expect: I can help with basic questions
' new run:
' expect: I can help with basic questions
' new run:
' expect: Try our advanced features!
