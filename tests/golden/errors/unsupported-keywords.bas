' warning: not-available 13 8
' warning: not-available 15 1
' warning: not-available 16 5
' warning: not-available 18 1
' warning: not-available 19 1
' warning: not-available 20 1
' error: unsupported-keyword 21 1
' warning: not-available 22 1
' warning: not-available 23 5
' error: unsupported-keyword 24 14
' error: unsupported-keyword 25 1
' what is not available compiles
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
