' warning: not-available 4 1
' warning: not-available 6 8
' warning: not-available 7 1
SET SCHEDULE "0 3 * * *"
cutoff = DATEADD(NOW(), -90, "days")
gone = DELETE "sessions", "updated < '" + FORMAT(cutoff, "YYYY-MM-DD") + "'"
DELETE FROM logs WHERE created < cutoff AND level <> "error"
LOG_INFO "removed " + gone
