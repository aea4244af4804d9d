PARAM amount AS NUMBER LIKE 10000 DESCRIPTION "How much" DEFAULT 1200
PARAM months AS INTEGER LIKE 24 DESCRIPTION "How long" DEFAULT 12
DESCRIPTION "Simulates a loan"
rate = 0.01
payment = amount * (rate / (1 - (1 + rate) ^ (0 - months)))
schedule = []
i = 1
DO WHILE i <= months
  schedule[UBOUND(schedule)] = { month: i, value: ROUND(payment, 2) }
  i = i + 1
LOOP
FOR EACH row IN schedule LAST 2 DO
  TALK row.month + ": " + FORMAT(row.value, "R$ #,##0.00")
NEXT
' expect: 11: R$ 106.62
' expect: 12: R$ 106.62
RETURN WITH payment AS ROUND(payment, 2), months AS months
' expect result: {"payment": 106.62, "months": 12}
