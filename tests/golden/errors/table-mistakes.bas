' error: syntax 6 6
' warning: not-available 9 1
' error: syntax 10 3
' error: unclosed-block 14 1
' error: unknown-name 15 3
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
