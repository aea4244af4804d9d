' error: syntax 2 1
x == 5
TALK x
