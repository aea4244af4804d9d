' error: no-result 3 5
' error: no-result 4 5
x = SET BOT MEMORY "k", 1
y = CLEAR SUGGESTIONS
TALK x + y
