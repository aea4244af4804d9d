' error: not-a-script 1 1
' nothing here
REM nor here
# nor here
// nor here
