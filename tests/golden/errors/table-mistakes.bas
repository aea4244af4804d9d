' error: syntax 5 6
' warning: not-available 8 1
' error: syntax 9 3
' error: unclosed-block 13 1
TABLE
  id number
END TABLE
TABLE orders
  5 number
  name string
END TABLE
TALK "still read"
TABLE customers
  id number
