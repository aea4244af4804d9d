rows = FILTER([{ price: 3 }, { price: 4 }], "price > 2")
TALK rows.price + rows[1].price
' expect: 7
none = FILTER(rows, "price > 9")
IF none IS NULL THEN TALK "null"
IF none = NULL THEN TALK "equal"
IF NOT none THEN TALK "false"
' expect: null
' expect: equal
' expect: false
TALK "[" + none.price + "]"
' expect: []
