' error: hear-in-expression 5 10
' error: hear-in-expression 6 20
' error: hear-in-expression 7 4
' error: hear-in-expression 10 6
x = HEAR + 1
TALK "You said " + HEAR
IF HEAR = "yes" THEN
  TALK x
END IF
a = [HEAR]
