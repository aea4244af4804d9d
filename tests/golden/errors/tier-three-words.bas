' error: unsupported-keyword 21 7
' error: unsupported-keyword 22 1
' error: unsupported-keyword 23 5
' error: unsupported-keyword 24 5
' error: unsupported-keyword 25 7
' error: unsupported-keyword 26 1
' error: unsupported-keyword 27 1
' error: unsupported-keyword 28 1
' error: unsupported-keyword 29 1
' error: unsupported-keyword 30 1
' error: unsupported-keyword 31 5
' error: unsupported-keyword 32 1
' error: unsupported-keyword 33 5
' error: unsupported-keyword 34 1
' error: unsupported-keyword 36 5
' error: unsupported-keyword 37 1
' error: unsupported-keyword 38 1
' error: unsupported-keyword 39 1
' error: unsupported-keyword 40 1
' error: unsupported-keyword 43 1
img = IMAGE "a cat"
QR CODE "https://example.com"
x = SCRAPE "https://example.com", ".price"
y = QUERY "SELECT * FROM t"
pdf = GENERATE PDF "tpl", {}, "out.pdf"
BOT SHARE MEMORY "k" WITH "other"
RUN PYTHON "print(1)"
POST TO INSTAGRAM "x", "y"
GPIO SET 17, 1
CREATE_DRAFT "a@example.com", "s", "b"
z = SEARCH PRODUCTS "tea", 5
CARD "title"
w = GRAPHQL "https://x", "q", {}
AI SCORE LEAD lead
GET QUEUE
n = REPORT
START MEET "room"
SEE "photo.jpg"
SYNCHRONIZE "e", "t", "k", "p", "l"
ORCHESTRATE WORKFLOW "w"
  STEP 1: BOT "a" "t"
END ORCHESTRATE
BEGIN TRANSACTION
  SAVE "t", x
COMMIT TRANSACTION
TALK "end"
