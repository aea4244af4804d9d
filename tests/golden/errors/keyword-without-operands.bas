' error: syntax 4 19
' error: syntax 5 7
' error: syntax 6 19
SET BOT MEMORY "k"
USE KB
x = GET BOT MEMORY
