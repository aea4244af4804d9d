d = NOW()
t = TODAY()
p = DAYS(2)
f = 1.0
n = 9007199254740993
o = { "$t": "date", "$r": 0, "$$": 1, "Key": [ { "x": NULL } ] }
e = []
s = "“quotes” \\ \n 🎉"
b = TRUE
z = NULL
x = HEAR
TALK d
TALK t
TALK d - p
TALK f
TALK n
TALK o
TALK TYPEOF(e) + " " + TYPEOF(f) + " " + TYPEOF(n) + " " + TYPEOF(z) + " " + b
TALK s
TALK o.key[0].x ?? "null"
' hear: go
' expect: 2026-03-04 15:06:07
' expect: 2026-03-04
' expect: 2026-03-02 15:06:07
' expect: 1
' expect: 9007199254740993
' expect: {"$t":"date","$r":0,"$$":1,"Key":[{"x":null}]}
' expect: array float integer null true
' expect: “quotes” \ \n 🎉
' expect: null
