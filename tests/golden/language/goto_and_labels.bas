n = 0
again:
n = n + 1
x = HEAR
IF x = "more" THEN GOTO again
TALK "asked " + n
GOTO finish
TALK "never"
finish:
TALK "end"
' hear: more
' hear: more
' hear: enough
' expect: asked 3
' expect: end
