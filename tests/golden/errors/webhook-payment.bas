' warning: not-available 3 1
' warning: not-available 10 3
WEBHOOK "payment"
IF method <> "POST" THEN
  RETURN WITH status AS 405, error AS "only POST"
END IF
amount = body.amount
name = GET TOOL PARAM "name"
IF headers["x-token"] = GET "config", "token" AND params.debug IS NULL THEN
  INSERT "payments", { "amount": amount, "name": name, "at": NOW() }
END IF
result_ok = TRUE
RETURN { ok: true }
