' error: not-a-script 1 1
' nothing but comments
REM and remarks
# of all kinds
// here
