' warning: not-available 5 1
' error: syntax 13 41
' error: syntax 14 33
' error: syntax 15 19
INSERT INTO orders (name, total) VALUES ("Ana", 5)
INSERT INTO "orders" (name, "total") VALUES (x, 5), (y, 6)
INSERT INTO orders(name) VALUES ("Ana")
INSERT INTO orders (name, total)
VALUES ("Ana", 5)
INSERT INTO orders VALUES (x, y)
INSERT INTO orders VALUES { name: "Ana" }
INSERT INTO orders SET name = "Ana", total = 5
INSERT INTO orders (name, total) VALUES ("Ana")
INSERT INTO orders (name, total)
INSERT INTO orders
