#workflow
SET SCHEDULE "0 9 * * *"
WEBHOOK "orders"
TABLE orders ON main
  id number key
  total DECIMAL(10,2) DEFAULT 0
END TABLE
ON INSERT OF "orders"
  TALK "not now"
END ON
TALK "ran"
' expect: ran
PARAM late AS STRING OPTIONAL
DESCRIPTION "headers stand anywhere at the top level"
