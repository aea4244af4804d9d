order = { total: 5, lines: [{ price: 2 }] }
TALK GET "order.total"
' expect: 5
TALK "[" + (GET "order.nothing") + "]"
' expect: []
SET plan, "free"
TALK GET SESSION "plan"
' expect: free
SET SESSION "plan", "gold"
TALK GET "session.plan"
' expect: gold
TALK GET "user.name"
' expect: Ana
TALK GET "config", "currency"
' expect: EUR
TALK NVL(GET role, "no role")
' expect: no role
address = "https://example.com/x"
ON ERROR RESUME NEXT
x = GET address
TALK ERROR MESSAGE
' expect: GET “https://example.com/x” is not available in this bot
y = GET "report.pdf"
TALK ERROR MESSAGE
' expect: GET “report.pdf” is not available in this bot
path = "/api/orders"
z = GET path
TALK ERROR MESSAGE
' expect: GET “/api/orders” needs the address of a server
TALK GET TOOL PARAM "plan"
' expect: gold
