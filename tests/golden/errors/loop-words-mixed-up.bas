' error: stray-end 7 1
' error: stray-end 10 1
' error: stray-end 12 1
x = 3
WHILE x > 0
  x -= 1
NEXT
DO
  x += 1
WEND
FOR i = 1 TO 2
LOOP
