' warning: not-available 7 7
' warning: not-available 11 5
' warning: not-available 14 1
PARAM mail_text AS STRING
DESCRIPTION "Reads an order out of a mail"
prompt = "Extract the order as JSON: " + mail_text
raw = LLM prompt + " Answer with JSON only."
order = JSON PARSE raw
IF order IS NOT NULL AND NOT ISEMPTY(order.items) THEN
  FOR i = 0 TO UBOUND(order.items) - 1
    SAVE "order_items", order.items[i]
  NEXT i
END IF
SAVE_FROM_UNSTRUCTURED "orders", mail_text
