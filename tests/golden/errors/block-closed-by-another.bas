' error: unclosed-block 3 3
IF ready THEN
  FOR i = 1 TO 3
    TALK i
END IF
TALK "still read"
