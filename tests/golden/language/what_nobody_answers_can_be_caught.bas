' Keywords of the dialect that no part of this bot answers are errors of the run.
TRY
  rows = FIND "customers", "city=Lisbon" ORDER BY name LIMIT 3
CATCH e
  TALK e
END TRY
' expect: FIND is not available in this bot
ON ERROR RESUME NEXT
x = LLM "Say hello"
TALK ERROR MESSAGE
' expect: LLM is not available in this bot
CLEAR ERROR
data = GET "https://example.com/data.json"
IF ERROR THEN TALK ERROR MESSAGE
' expect: GET “https://example.com/data.json” is not available in this bot
SEND MAIL "a@example.com", "Subject", "Body"
TALK ERROR MESSAGE
' expect: SEND MAIL is not available in this bot
ON ERROR GOTO 0
SAVE "log", { a: 1 }
TALK "never said"
' expect error: E_UNAVAILABLE line 20
