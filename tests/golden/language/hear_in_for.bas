total = 0
FOR i = 1 TO 3
  TALK "Number " + i
  HEAR n AS INTEGER
  total += n
NEXT i
TALK "Total: ${total}"
' expect: Number 1
' hear: 10
' expect: Number 2
' hear: abc
' expect: Please enter a whole number, for example 42.
' hear: 20
' expect: Number 3
' hear: 30
' expect: Total: 60
