' error: syntax 4 12
DO WHILE a
  a = 0
LOOP UNTIL b
