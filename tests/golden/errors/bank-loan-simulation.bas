' warning: not-available 21 9
PARAM amount AS NUMBER LIKE 10000 DESCRIPTION "How much"
PARAM months AS INTEGER LIKE 24 DESCRIPTION "How long" DEFAULT 12
DESCRIPTION "Simulates a loan"
rate = GET "config", "loan-rate"
limit = GET BOT MEMORY("loan_limit") * 1
IF limit > 0 AND amount > limit THEN
  TALK "That is more than we lend."
  RETURN
END IF
payment = amount * (rate / (1 - (1 + rate) ^ (0 - months)))
schedule = []
i = 1
DO WHILE i <= months
  schedule[UBOUND(schedule)] = { month: i, due: DATEADD(TODAY(), i, "month"), value: ROUND(payment, 2) }
  i = i + 1
LOOP
FOR EACH row IN schedule LAST 3 DO
  TALK FORMAT(row.due, "MMM DD, YYYY") + " " + FORMAT(row.value, "#,##0.00")
NEXT
score = POST "https://api.example.com/score", { customer: user.id, amount: amount }
IF score.status <> 200 OR score.data.risk > 0.5 THEN
  SET "session.needs_human" = TRUE
END IF
