day = DATEADD "2026-01-31", "days", 1
TALK day
TALK FORMAT 1234.5, "#,##0.00"
TALK FORMAT 1234.5 AS "#,##0"
TALK "PO-" + FORMAT "2026-03-01" AS "YYYYMMDD" + "-x"
list = [3, 1, 2]
PUSH list, 9
APPEND list, 8
order = {lines: []}
APPEND order.lines, "a"
list.push(7)
list[UBOUND(list)] = 6
TALK list
TALK order
best = MAX 4, 9
TALK best
two = FIRST list, 2
TALK two
TALK IIF(list.length = 7, "seven", "no")
TALK UBOUND(list) + LEN("abc")
removed = list.splice(0, 2)
TALK removed
TALK list
TALK "  x ".trim() + "abcdef".substring(1, 3)
TALK list.contains("9")
TALK NOW.year & " " & TODAY
IF TODAY = "2026-03-04" AND TODAY.month = 3 THEN TALK "today"
TALK TIMEVALUE("never") + "|" + TIMEVALUE("2:30 pm")
TALK ROUND(2.5) & INT(-3.7) & SQR(9)
' expect: 2026-02-01
' expect: 1,234.50
' expect: 1,235
' expect: PO-20260301-x
' expect: [3,1,2,9,8,7,6]
' expect: {"lines":["a"]}
' expect: 9
' expect: [3,1]
' expect: seven
' expect: 10
' expect: [3,1]
' expect: [2,9,8,7,6]
' expect: xbc
' expect: true
' expect: 2026 2026-03-04
' expect: today
' expect: |14:30:00
' expect: 3-33
