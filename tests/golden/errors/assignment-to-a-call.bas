' error: bad-target 3 1
TALK "a"
UCASE(a, b) = 5
