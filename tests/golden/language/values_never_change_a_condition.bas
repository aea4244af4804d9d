' What a person typed stays a value in a condition that is put together from texts.
rows = [
  { id: 1, name: "Ana", total: 5 },
  { id: 2, name: "x' OR name<>'", total: 50 },
  { id: 3, name: "O'Neil", total: 7 }
]
evil = "x' OR name<>'"
TALK UBOUND(FILTER(rows, "name='" + evil + "'"))
' expect: 1
TALK UBOUND(FILTER rows, "name=${evil}")
' expect: 1
evil = "1 OR id=2"
TALK UBOUND(FILTER(rows, "id=" + evil))
' expect: 0
TALK UBOUND(FILTER rows WHERE "id='${evil}' OR total > ${20 + 20}")
' expect: 1
TALK UBOUND(FILTER(rows, "name='${"O'Neil"}'"))
' expect: 1
TALK UBOUND(FILTER(rows, "name LIKE '%${"nei"}%'"))
' expect: 1
' A text in the brackets behind IN lists its values, as does an array.
ids = "1, 3"
TALK UBOUND(FILTER(rows, "id IN (" + ids + ")"))
' expect: 2
list = [1, 2, 9]
TALK UBOUND(FILTER(rows, "id NOT IN (${list})"))
' expect: 1
' Columns, comparisons and whole conditions may come from the script, too.
op = ">="
TALK UBOUND(FILTER(rows, "total " + op + " 7"))
' expect: 2
column = "total"
TALK UBOUND(FILTER(rows, "${column} > 6 AND id < ${3}"))
' expect: 1
part = "id = 1"
TALK UBOUND(FILTER(rows, "(${part}) OR total = 50"))
' expect: 2
TRY
  wrong = "7 OR"
  x = FILTER(rows, "total " + wrong + " 7")
CATCH problem
  TALK problem
END TRY
' expect: “7 OR” is not a condition: there is no such comparison
