' warning: not-available 23 12
' warning: not-available 25 3
' warning: not-available 29 1
' warning: not-available 30 1
' warning: not-available 31 1
' warning: not-available 39 1
PARAM name AS STRING LIKE "Ana Souza" DESCRIPTION "Full name of the lead"
PARAM email AS EMAIL LIKE "ana@example.com" DESCRIPTION "E-mail to answer to"
PARAM company AS STRING LIKE "Acme" DESCRIPTION "Where the lead works" OPTIONAL
PARAM budget AS MONEY LIKE 1500 DESCRIPTION "Yearly budget" DEFAULT 0
PARAM source AS STRING ENUM ["web", "fair", "friend"] DESCRIPTION "How they heard of us"
DESCRIPTION "Registers a new lead and tells the sales team"

WITH lead
  .name = name
  .email = LCASE(email)
  .company = company
  .budget = budget
  .created = NOW()
END WITH
lead.id = "L-" + FORMAT(NOW(), "YYYYMMDD") + "-" + RANDOM(1000, 9999)

existing = FIND "leads", "email='${email}'"
IF existing THEN
  UPDATE "leads" SET budget = budget, source = source WHERE email = email
  RETURN "known"
END IF

SAVE "leads", lead
INSERT INTO "activities" WITH lead_id = lead.id, kind = "created", at = NOW()
SEND MAIL "sales@example.com", "New lead: " + name, "A new lead came in.

Name: ${name}
Company: ${company ?? "none"}
Budget: ${FORMAT(budget, "#,##0.00")}

Kind regards
The bot"
CREATE_TASK "Call " + name, "high", "sales"
SET BOT MEMORY "last_lead", lead.id
RETURN lead
