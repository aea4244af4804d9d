' error: exit-outside 5 1
' error: exit-outside 6 1
' error: exit-outside 7 1
' error: exit-outside 9 3
EXIT FOR
CONTINUE
EXIT SUB
WHILE 1
  EXIT DO
WEND
