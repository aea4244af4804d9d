' error: unclosed-block 3 1
' error: unclosed-block 7 3
IF a THEN
  WHILE b
    TALK "x"
  WEND
  FOR EACH c IN d
    TALK c
