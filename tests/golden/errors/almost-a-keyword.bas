' error: unknown-name 5 1
' error: unknown-name 6 1
' error: unknown-name 7 1
TALK "one"
TAK "two"
SET BOT MEMROY "k", 1
ADD SUGESTION "x"
