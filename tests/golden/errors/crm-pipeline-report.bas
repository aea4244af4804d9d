' warning: not-available 4 1
' warning: not-available 5 9
' warning: not-available 19 1
SET SCHEDULE "0 8 * * 1"
deals = FIND "deals" WHERE stage <> "lost" AND (value > 1000 OR priority = "high")
  ORDER BY value DESC, name
  LIMIT 50
IF deals IS NULL THEN
  PRINT "nothing to report"
  EXIT
END IF
total = SUM(deals, "value")
mean = AVG(deals, "value")
text = ""
FOR EACH deal IN deals
  text += "- " + deal.name + ": " + FORMAT deal.value AS "R$ #,##0.00"
  text += "\n"
NEXT deal
SEND EMAIL "boss@example.com", "Pipeline " & FORMAT(TODAY(), "DD/MM/YYYY"), text, "pipeline.csv"
LOG "pipeline", { count: UBOUND(deals), total: total, mean: mean }
