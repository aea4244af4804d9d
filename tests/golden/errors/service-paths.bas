' error: unsupported-keyword 4 10
' error: unsupported-keyword 5 8
' error: unsupported-keyword 6 5
orders = GET "/api/orders"
done = POST "/api/orders/1/close", { reason: "paid" }
x = PUT "/api/orders/1", orders
TALK orders + done + x
