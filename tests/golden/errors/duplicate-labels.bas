' error: duplicate-label 4 1
again:
TALK "a"
again:
TALK "b"
GOTO again
