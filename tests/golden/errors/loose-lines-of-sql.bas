' warning: not-available 7 1
' warning: never-set 9 11
' warning: not-available 11 8
' warning: not-available 15 1
' warning: not-available 17 1
PARAM to AS STRING
UPDATE orders SET
  state = "paid",
  total = total + 1
WHERE id = 5
rows = FIND orders WHERE
    state = "open" AND
    owner = username
  ORDER BY total
INSERT INTO orders VALUES
  { id: 7 }
SEND MAIL to, "Orders", rows
SEND MAIL from, "Orders", rows
