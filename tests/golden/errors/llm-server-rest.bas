' warning: unused-parameter 4 1
' warning: unused-parameter 5 1
' warning: not-available 7 12
PARAM operator AS NUMBER LIKE 12312312 DESCRIPTION "Operator code."
PARAM orders AS ARRAY LIKE "[{\"name\": \"coffee\"}]" DESCRIPTION "The orders"
DESCRIPTION It is a WebService of GB.
products = FIND "products.csv"
BEGIN SYSTEM PROMPT
You are a waiter. Menu:
${TOYAML(products)}
Answer as JSON: { "items": [ { "id": 1, "name": "…" } ] }
orderedItems:
  - item
END SYSTEM PROMPT
