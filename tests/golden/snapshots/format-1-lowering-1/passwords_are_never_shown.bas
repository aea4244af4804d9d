HEAR p AS PASSWORD
TALK "Got " + p
SET BOT MEMORY "p", p
TALK GET BOT MEMORY "p"
x = HEAR
a = ASK SERVICE p
TALK "ok"
' hear: S3cret-word!
' expect: Got ••••
' expect: ••••
' hear: go
' expect outside: ASK SERVICE ["S3cret-word!"]
' answer: 1
' expect: ok
' expect variables: {"p": "••••", "x": "go", "a": 1}
