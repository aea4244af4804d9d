' warning: not-available 17 1
' warning: not-available 27 1
' warning: not-available 28 8
' warning: not-available 32 1
' error: unsupported-keyword 33 1
' warning: not-available 34 8
IF user.name IS NOT NULL AND user.name <> "" THEN
    TALK "Hi " + user.name
END IF
SET CONTEXT "customer_name" AS user.name
SET CONTEXT order_id AS order.id
ADD SUGGESTION "order_status" AS "Order status"
ADD SUGGESTION "Talk to ${user.name}"
message = "Dear " + user.name + "," +
          " your order " + order.id +
          " is ready."
SEND MAIL user.email, "Order", message
items = []
items[UBOUND(items)] = { "a": 1 }
items.push({ "a": 2 })
total = items.length * 2
x = FORMAT(NOW(), "YYYY-MM-DD HH:mm:ss")
y = FORMAT(total, "currency")
order = CREATE OBJECT
order.items = items
TALK order.items[0].a
SAVE "orders.csv", order.id, total, NOW()
rows = FIND "orders.csv", "id=" + order.id
IF rows THEN
   r = rows[0]
END IF
DELETE "orders.csv", "id=" + order.id
SET MAX LINES 100
data = GET "https://api.open-meteo.com/v1/forecast?latitude=" + lat + "&longitude=" + lon
temp = data.current_weather.temperature
TALK "It is ${temp}°C"
