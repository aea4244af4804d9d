TALK "one"
WAIT 2.5
TALK "two"
x = ASK SERVICE "how much?"
TALK "it is " + x.price
TRY
  y = ASK SERVICE "again"
CATCH e
  TALK "failed: " + e + " " + ERR
END TRY
z = LEN(ASK SERVICE "a") + LEN(ASK SERVICE "b")
TALK z
WAIT -1
' expect: one
' expect wait: 2.5
' expect: two
' expect outside: ASK SERVICE ["how much?"]
' answer: {"price": 3}
' expect: it is 3
' fail: no line
' expect: failed: no line 1500
' answer: "abc"
' answer: "de"
' expect: 5
' expect error: E_WAIT line 13
