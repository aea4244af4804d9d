' error: unclosed-block 3 1
' error: stray-end 7 1
FOR i = 1 TO 2
SUB inner()
  TALK "x"
END SUB
NEXT
