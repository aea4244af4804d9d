' error: syntax 4 8
WITH order
  total = 5
  TALK "x"
END WITH
TALK order.total
