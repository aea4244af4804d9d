' warning: not-available 11 1
' warning: not-available 13 1
' warning: not-available 14 1
' warning: not-available 15 1
' warning: not-available 16 1
' warning: not-available 17 5
' warning: not-available 18 5
' warning: never-set 18 17
' warning: not-available 19 5
' error: unsupported-keyword 21 1
ADD SWITCHER tables AS "Tables"
ADD_SWITCHER "steps" AS "Steps"
CLEAR SWITCHERS
ALLOW ROLE "admin"
USE ACCOUNT "main"
CREATE TEMPLATE "t", "Hello {{name}}"
x = GET TEMPLATE "t"
v = GET SESSION other_id, "plan"
w = WEATHER "Lisbon"
TALK x + v + w
CALL "/api/run", 1
