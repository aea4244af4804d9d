' warning: not-available 7 1
' warning: not-available 12 5
' warning: not-available 13 5
' warning: not-available 14 5
' warning: not-available 15 5
' warning: not-available 16 1
SET HEADER "Authorization", "Bearer " + GET BOT MEMORY("token")
SET HEADER "X-Trace" = session_id
SET_HEADER "Accept" AS "application/json"
host = "https://api.example.com"
a = GET host + "/orders?customer=" + username
b = POST host + "/orders", { "item": "tea", "count": 2 }
c = PUT host + "/orders/1" WITH { "count": 3 }
d = PATCH host + "/orders/1", { count: 4 }
e = DELETE HTTP host + "/orders/1"
CLEAR HEADERS
IF a.status = 200 AND b THEN
  TALK a.data[0].name + c.x + d.y + e.z
END IF
