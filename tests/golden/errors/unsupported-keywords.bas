' error: unsupported-keyword 13 8
' error: unsupported-keyword 15 1
' error: unsupported-keyword 16 5
' error: unsupported-keyword 18 1
' error: unsupported-keyword 19 1
' error: unsupported-keyword 20 1
' error: unsupported-keyword 21 1
' error: unsupported-keyword 22 1
' error: unsupported-keyword 23 5
' error: unsupported-keyword 24 14
' error: unsupported-keyword 25 1
' error: unsupported-keyword 26 14
rows = FIND "orders", "status=open"
  WHERE total > 5
SAVE "orders", rows
x = LLM "Write a poem"
  WITH OPTIMIZE FOR "speed"
SEND MAIL "a@example.com", "subject", "body"
SET SCHEDULE "0 9 * * *"
WEBHOOK "orders"
PLAY "video.mp4"
SEND_TEMPLATE "a", "b"
y = POST "https://example.com", rows
HEAR code AS QRCODE
CALL "/files/search", x
TALK x + y + CSV(rows)
