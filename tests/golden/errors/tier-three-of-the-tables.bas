' error: unsupported-keyword 42 5
' error: unsupported-keyword 43 5
' error: unsupported-keyword 44 1
' error: unsupported-keyword 45 5
' error: unsupported-keyword 46 5
' error: unsupported-keyword 47 1
' error: unsupported-keyword 48 1
' error: unsupported-keyword 49 5
' error: unsupported-keyword 50 5
' error: unsupported-keyword 51 5
' error: unsupported-keyword 52 1
' error: unsupported-keyword 53 1
' error: unsupported-keyword 54 1
' error: unsupported-keyword 55 1
' error: unsupported-keyword 56 5
' error: unsupported-keyword 57 1
' error: unsupported-keyword 58 5
' error: unsupported-keyword 59 1
' error: unsupported-keyword 60 1
' error: unsupported-keyword 61 1
' error: unsupported-keyword 62 1
' error: unsupported-keyword 65 1
' error: unsupported-keyword 66 1
' error: unsupported-keyword 67 5
' error: unsupported-keyword 68 1
' error: unsupported-keyword 69 1
' error: unsupported-keyword 70 5
' error: unsupported-keyword 71 5
' error: unsupported-keyword 72 5
' error: unsupported-keyword 73 5
' error: unsupported-keyword 74 5
' error: unsupported-keyword 75 5
' error: unsupported-keyword 76 1
' error: unsupported-keyword 77 1
' error: unsupported-keyword 78 1
' error: unsupported-keyword 79 1
' error: unsupported-keyword 80 1
' error: unsupported-keyword 81 5
' error: unsupported-keyword 82 1
' error: unsupported-keyword 85 5
' warning: not-available 86 1
x = FILL "tpl.docx", { a: 1 }
l = GENERATE SECURE LINK "f.pdf" EXPIRES 7 DAYS
CREATE_SITE alias, "tpl", "make a page"
w = WEBSITE OF "Acme"
k = KB STATISTICS
REFRESH "script"
ADD BOT "sales" WITH TRIGGER "buy, price"
f = EXTRACT "a.zip", "dir"
p = PIVOT rows, "r", "v"
s = SOAP "wsdl", "op", {}
WAIT FOR EVENT "paid" TIMEOUT 60
PUBLISH EVENT "paid"
PUBLISH
TRIGGER "n", 5
a = ANSWER "why?"
CACHE SET "k", 1, 60
c = CACHE GET "k"
RECORD METRIC "n", 1
CREATE INDEX idx ON orders(customer)
LCD PRINT "hi"
PLAN START
  do this
PLAN END
DELEGATE message TO BOT "sales"
POST TO "facebook", "x"
m = GET INSTAGRAM METRICS "page"
USE MCP "server"
REQUIRE APPROVAL "boss"
e = EXCEL(rows)
d = MERGE PDF files, "out.pdf"
g = GENERATE PDF f WITH TEMPLATE "t" DATA d
v = VIDEO "a cat"
z = SCRAPE_ALL "https://x", "a"
n = OCR "x.png"
RELAY SET 1, ON
CRM LEAD "x"
INVITE TO MEET "a@b.c"
MODEL ROUTE "x"
SECURITY AUDIT
i = XML(rows)
PARALLEL
  BRANCH a
END PARALLEL
r = RSS "https://x"
BROADCAST message TO BOTS
