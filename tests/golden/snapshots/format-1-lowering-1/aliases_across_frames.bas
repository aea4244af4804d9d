basket = []
SUB fill(list)
  FOR EACH item IN ["tea", "cake"]
    HEAR n AS INTEGER WITH item
    PUSH list, item + n
  NEXT
END SUB
fill(basket)
TALK JOIN(basket, " ")
' expect: tea
' hear: 1
' expect: cake
' hear: 2
' expect: tea1 cake2
