' error: unsupported-keyword 6 8
' error: unsupported-keyword 8 11
' error: unsupported-keyword 9 9
' error: unsupported-keyword 10 1
' warning: not-available 11 1
rows = QUERY "SELECT a,
  b FROM t"
metrics = QUERY METRICS "messages" FOR "7 days"
chart = CREATE CHART "bar", rows
REPORT
SEND FILE chart, "The week"
