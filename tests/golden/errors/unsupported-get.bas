' error: unsupported-keyword 6 5
' error: unsupported-keyword 7 5
' error: unsupported-keyword 8 5
' error: unsupported-keyword 9 5
' error: unsupported-keyword 10 5
a = GET "https://example.com/x"
b = GET "https://example.com/" + a
c = GET "/api/orders"
d = GET "report.pdf"
e = GET "folder/list.txt"
f = GET "session.id"
g = GET "a.name"
TALK a + b + c + d + e + f + g
