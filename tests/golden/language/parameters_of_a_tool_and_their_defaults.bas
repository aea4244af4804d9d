PARAM unit AS "celsius", "fahrenheit" DESCRIPTION "Unit of temperature" OPTIONAL
PARAM note AS "what to note" OPTIONAL
PARAM size AS STRING LIKE "M" ENUM ["S", "M", "L"] DEFAULT "M"
PARAM when AS DATETIME LIKE "2026-01-01 10:00" OPTIONAL
PARAM to AS EMAIL LIKE "a@example.com" DEFAULT "ana@example.com"
DESCRIPTION "Orders a shirt"
IF unit = "celsius" THEN x = 1 ELSE x = 2
IF note THEN TALK note
IF NOT when THEN TALK "any time"
' expect: any time
TALK size + x + to
' expect: M2ana@example.com
