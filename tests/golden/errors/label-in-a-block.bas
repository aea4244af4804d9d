' error: label-in-block 3 3
FOR i = 1 TO 3
  again:
  TALK i
NEXT
