' error: syntax 4 10
' error: syntax 7 12
' error: syntax 10 10
FOR i = 1
  TALK i
NEXT
FOR i = 10 DOWNTO 1
  TALK i
NEXT
FOR item OF list
NEXT
