' warning: not-available 13 1
' warning: not-available 15 8
priority = "normal"
subject = GET "case_data.subject"
IF subject CONTAINS "urgent" OR LCASE(subject) CONTAINS "asap" THEN
    priority = "high"
ELSE IF subject LIKE "%invoice%" THEN
    queue = "billing"
ELSE
    queue = "general"
END IF
PARAM case_data AS OBJECT LIKE { "subject": "x" } DESCRIPTION "The case"
SET "cases", "id=" + case_data.id, "priority=" + priority
UPDATE "cases" SET priority = priority, queue = queue, updated = NOW() WHERE id = case_data.id
hist = FIND "cases" WHERE customer_id = case_data.customer_id AND created > DATEADD(NOW(), "days", -30) ORDER BY created DESC
IF UBOUND(hist) > 3 THEN TALK "This customer wrote " + UBOUND(hist) + " times."
RETURN priority
