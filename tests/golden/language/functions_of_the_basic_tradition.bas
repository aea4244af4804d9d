TALK INSTRREV("a/b/c", "/") + " " + INSTRREV("abc", "z")
' expect: 4 0
TALK URLENCODE("São & Co/x") + "|" + URLENCODE(NULL)
' expect: S%C3%A3o%20%26%20Co%2Fx|
TALK MONTHNAME(12) + " " + MONTHNAME("2026-02-03") + " [" + MONTHNAME(13) + "] " + WEEKDAYNAME(1) + " " + WEEKDAYNAME("2026-05-01")
' expect: December February [] Sunday Friday
TALK DATEPART("hour", "2026-05-01 14:00:00") + DATEPART("yyyy", "2026-05-01") + DATEPART("WEEKDAY", "2026-05-01")
' expect: 2046
TALK DATESERIAL(2026, 5, 1) + " " + CDATE("1 May 2026") + " " + CLNG("3.7") + " " + STRREVERSE("abc") + " " + TOUPPER("a")
' expect: 2026-05-01 2026-05-01 3 cba A
TRY
  x = DATEPART("moon", NOW())
CATCH e
  TALK e
END TRY
' expect: “moon” is no part of a date
