' warning: not-available 10 1
' error: unknown-name 13 8
' error: unknown-label 14 3
' warning: not-available 17 1
' error: unknown-name 19 3
' warning: not-available 22 1
' error: exit-outside 23 3
' warning: missing-script 24 8
total = 0
ON INSERT OF "orders" DO
  total = total + amount
  SET BOT MEMORY "total", total
  TALK UCSE("x")
  GOTO nowhere
  TALK "never"
END ON
ON UPDATE OF orders
  notify "changed"
  TELL "x"
  IF state = "paid" OR "open" THEN TALK "paid"
END ON
ON DELETE OF orders
  EXIT FOR
  CALL "gone.bas"
END ON
SUB notify(text)
  LOG text
END SUB
TALK total
