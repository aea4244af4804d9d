' error: malformed-number 2 5
x = 12abc
TALK x
