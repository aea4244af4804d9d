prices = { "tea": 2, "coffee": 3 }
sum = 0
FOR EACH price IN prices
  ok = HEAR
  sum += price
NEXT
TALK sum
FOR EACH nothing IN NULL
  TALK "never"
NEXT
FOR EACH wrong IN 5
  TALK "never"
NEXT
' hear: y
' hear: y
' expect: 5
' expect error: E_TYPE line 11
