' Days are counted, too many are refused, the rest is confirmed.
vacation_left = 10
TALK "Your first day?"
' expect: Your first day?
HEAR first AS DATE
' hear: 2026-07-01
HEAR last AS DATE WITH "And the last?"
' expect: And the last?
' hear: 2026-07-20
wanted = DATEDIFF(first, last, "day") + 1
IF wanted > vacation_left THEN
  TALK "You have only ${vacation_left} days, not ${wanted}."
ELSE
  TALK "Confirmed."
END IF
' expect: You have only 10 days, not 20.
