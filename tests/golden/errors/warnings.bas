' warning: missing-collection 7 8
' warning: missing-script 8 6
' warning: unreachable-code 11 1
PARAM unused AS STRING
total = totla + 1
TALK total
USE KB "missing"
CALL "missing.bas"
TALK "x"
RETURN 1
TALK "never"
