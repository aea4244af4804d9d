SET MEMORY "visits", 5
visits = GET MEMORY "visits"
SAVE SESSION "name", "Ana"
REMEMBER name AS "Ana"
SET SESSION.name = "Ana"
x = GET SESSION VARIABLE "name"
TALK x
