SET_BOT_MEMORY("a", 1)
SET BOT MEMORY ("b", 2)
TALK GET BOT MEMORY("a") + GET_BOT_MEMORY("b")
' expect: 3
k = "b"
TALK "x" + GET BOT MEMORY k + ""
' expect: x2
rows = [{ n: 1 }, { n: 2 }]
TALK UBOUND(FILTER(rows, "n = 1")) + UBOUND(FILTER (rows, "n > 0"))
' expect: 3
few = FILTER rows
  WHERE n = 2
TALK few.n
' expect: 2
TALK SORT(rows BY n DESC)[0].n
' expect: 2
