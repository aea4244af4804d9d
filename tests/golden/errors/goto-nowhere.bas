' error: unknown-label 6 1
' warning: unreachable-code 7 1
' error: unknown-label 7 1
' error: unknown-label 8 1
TALK "a"
GOTO nowhere
GOSUB elsewhere
ON ERROR GOTO handler
