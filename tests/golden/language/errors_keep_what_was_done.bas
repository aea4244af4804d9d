n = 1
TALK "one"
x = HEAR
n = 2
TALK "two"
m = n / 0
TALK "never"
' expect: one
' hear: go
' expect: two
' expect error: E_DIVISION line 6
' expect variables: {"n": 2, "x": "go"}
