' error: syntax 3 10
x = 1
IF x = 1 TALK "one"
TALK "two"
