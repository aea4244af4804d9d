' error: mismatched-next 5 6
' error: mismatched-next 8 6
FOR i = 1 TO 3
  TALK i
NEXT j
FOR EACH item IN [1, 2]
  TALK item
NEXT items
