' warning: not-available 11 3
' warning: not-available 14 1
' warning: not-available 15 1
' warning: not-available 18 1
SET SCHEDULE "every 2 hours"
SET SCHEDULE every monday at 9am
SET SCHEDULE "0 9 * * *", "report"
SET SCHEDULE "0 9 * * *" "report.bas" "daily"
IF FALSE THEN
  when = DATEADD(NOW(), 1, "day")
  SET SCHEDULE "0 9 1 1 *" when, "report"
  SET SCHEDULE when, report
END IF
ON EMAIL "support@example.com" FROM "boss@example.com"
ON INSERT OF "orders"
  TALK "inserted"
END ON
ON UPDATE OF orders
  x = 1
END ON
