' error: syntax 7 10
' error: syntax 8 18
' error: syntax 10 4
' error: syntax 11 9
' error: unknown-name 12 1
' error: unclosed-block 16 1
HEAR name, age
HEAR size AS TEXT, y AS INTEGER
HEAR colour AS NAME, "Which colour?"
IF IS NULL(name) THEN TALK "nobody"
IF name NOT NULL THEN TALK name
RESUME NEXT
x = 1
DO
  x = x + 1
WHILE x < 5
