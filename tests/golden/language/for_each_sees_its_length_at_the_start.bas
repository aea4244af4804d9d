items = ["a", "b"]
FOR EACH item IN items
  x = HEAR
  PUSH items, x
  TALK item
NEXT
TALK LEN(items)
FOR EACH item IN items LAST 2
  TALK "last " + item
NEXT
' hear: c
' expect: a
' hear: d
' expect: b
' expect: 4
' expect: last c
' expect: last d
