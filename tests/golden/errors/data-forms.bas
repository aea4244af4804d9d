' warning: not-available 14 5
' warning: never-set 19 66
' warning: not-available 20 5
' warning: not-available 21 5
' warning: not-available 22 5
' warning: not-available 25 5
' warning: not-available 26 1
' warning: not-available 30 1
' warning: not-available 32 1
' warning: never-set 33 84
' warning: not-available 37 1
' warning: not-available 38 5
' warning: not-available 39 1
a = FIND "orders"
b = FIND "orders", "status=open"
c = FIND orders WHERE status = "open" AND total > 5 OR NOT paid
d = FIND "orders" WITH "status=open"
e = FIND "orders", "customer", "Ana"
f = FIND "orders" WHERE customer.city STARTS WITH "Lis" ORDER BY total DESC LIMIT 10
g = FIND ALL "orders" LIMIT 5
h = FIND_ONE "orders" WHERE id = 1
i = FIND FIRST "orders", "id=1"
j = FIND "orders" WHERE deleted IS NULL AND sent IS NOT NULL AND total BETWEEN 1 AND 10
k = FIND "orders" WHERE LOWER(name) LIKE "%tea%" AND state NOT IN ["a", "b"]
l = SEARCH "orders", "tea"
SAVE "orders", a
SAVE "orders", b, c
SAVE "orders", 7, { total: 5 }
SAVE orders WITH customer AS "Ana", total AS 5 + 1
INSERT INTO orders VALUES { a: 1 }
INSERT INTO "orders", a, b, c
UPDATE "orders", "id=1", { total: 6 }
UPDATE orders SET total = total + 1, state = "paid" WHERE id = h.id AND customer = customer
UPDATE orders WITH total AS 1, state AS "new" WHERE id = 3
UPDATE "orders", 3, "total", 8
SET "orders", "id=1", "total=9"
DELETE "orders", "id=1"
n = DELETE FROM orders WHERE total < 1 AND state = "new"
SAVE_FROM_UNSTRUCTURED "orders", FORMAT a AS JSON
TALK d + e + f + g + i + j + k + l + n
