HEAR card AS CREDITCARD
TALK "Your card " + card
HEAR go
TALK card
TALK JSON([card])
IF card = "4111111111111111" THEN TALK "known"
x = ASK SERVICE card
' hear: 4111-1111-1111-1111
' expect: Your card 4111 **** **** 1111
' hear: go
' expect: 4111 **** **** 1111
' expect: ["4111 **** **** 1111"]
' expect: known
' expect outside: ASK SERVICE ["4111111111111111"]
' answer: 1
' expect variables: {"card": "4111 **** **** 1111", "go": "go", "x": 1}
