SET "session.city" = "Lima"
TALK city
TALK GET "session.city"
SET SESSION "tier", "gold"
TALK tier
k = "score"
SET "session." + k, 5
TALK score + 1
case_data = { "subject": "Help", "tags": ["a"] }
TALK GET "case_data.subject"
TALK "[" + (GET "case_data.absent") + "]"
TALK GET "user.name"
TALK GET "config", "currency"
SET "case_data.subject" = "More"
TALK case_data.subject
TRY
  SET "session.id" = "x"
CATCH e
  TALK e
END TRY
TRY
  SET "nobody.name" = "x"
CATCH e
  TALK "unknown"
END TRY
TRY
  url = "https://example.org/a"
  x = GET url
CATCH e
  TALK e
END TRY
TRY
  x = GET "__class__.x"
CATCH e
  TALK "no"
END TRY
SET "user.name" = "Eve"
' expect: Lima
' expect: Lima
' expect: gold
' expect: 6
' expect: Help
' expect: []
' expect: Ana
' expect: EUR
' expect: More
' expect: “session.id” can be read but not set
' expect: unknown
' expect: GET “https://example.org/a” is not available in this bot
' expect: no
' expect error: E_READONLY line 37
