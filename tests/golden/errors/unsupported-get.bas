' warning: not-available 6 5
' error: unsupported-keyword 8 5
' warning: not-available 9 5
' One finding for each kind of address:
' the second one of a kind is not repeated.
a = GET "https://example.com/x"
b = GET "https://example.com/" + a
c = GET "/api/orders"
d = GET "report.pdf"
e = GET "folder/list.txt"
f = GET "session.id"
g = GET "a.name"
TALK a + b + c + d + e + f + g
