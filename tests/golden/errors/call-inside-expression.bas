' error: call-in-expression 2 9
x = 1 + CALL "other.bas"
TALK x
