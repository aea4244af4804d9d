TALK 7 / 2
TALK 6 / 2
TALK -7 MOD 3
TALK 2 ^ 3 ^ 2
TALK "5" * "4"
TALK 1 + "2"
TALK NULL + 5
TALK [1] + 2
TALK "a" & 1 & TRUE
TALK (5 = "5") & (TRUE = "true") & (NULL = 0)
TALK "abc" CONTAINS "b"
TALK 2 IN [1, 2]
TALK 2 NOT IN [1, 2]
TALK "Hello" LIKE "h%o"
TALK 5 BETWEEN 1 AND 9
TALK NULL IS NULL
TALK NOT "false"
TALK "x" OR "y"
TALK NULL AND "y"
TALK "name" STARTS WITH "na"
TALK TRUE XOR TRUE
TALK IIF(1 > 2, 1 / 0, "lazy")
TALK -"3"
TALK 0 OR "default"
TALK NOT NOT 5
' expect: 3.5
' expect: 3
' expect: -1
' expect: 512
' expect: 20
' expect: 12
' expect: 5
' expect: [1,2]
' expect: a1true
' expect: truetruefalse
' expect: true
' expect: true
' expect: false
' expect: true
' expect: true
' expect: true
' expect: true
' expect: x
' expect: 
' expect: true
' expect: false
' expect: lazy
' expect: -3
' expect: default
' expect: true
