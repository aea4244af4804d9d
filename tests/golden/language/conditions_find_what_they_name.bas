rows = [{ a: 1, b: NULL, c: { d: "x" } }, { a: 2, b: "t", c: { d: "y" } }, { a: "3", b: "", c: NULL }]
a = 2
TALK UBOUND(FILTER rows WHERE a = a)
' expect: 1
TALK UBOUND(FILTER rows WHERE b IS NULL) + UBOUND(FILTER rows WHERE b IS NOT NULL)
' expect: 3
TALK UBOUND(FILTER rows WHERE c.d = "y" OR a BETWEEN 3 AND 5)
' expect: 2
TALK UBOUND(FILTER rows WHERE a NOT IN [1, 2])
' expect: 1
TALK UBOUND(FILTER rows WHERE UPPER(b) = "T" AND a >= 1)
' expect: 1
TALK UBOUND(FILTER rows WHERE "a > 1")
' expect: 2
TALK UBOUND(FILTER rows
  WHERE a > 0
  AND (c.d STARTS WITH "x"
  OR c.d CONTAINS "Y"))
' expect: 2
TRY
  bad = FILTER(rows, "a >")
  bad = FILTER(rows, "= 5")
CATCH e
  TALK e
END TRY
' expect: “= 5” is not a condition: the name of a column is missing
