Dim parts(2)
DIM total AS INTEGER, who$ AS STRING
who$ = UCASE$("ana")
let total = LEN(who$);
items = [ "a", 'b', "c", ]
obj = #{ "k": 1, z: [1, 2] }
If total = 3 {
  TALK “Hello ” + who$
} else {
  TALK 'No'
}
' expect: Hello ANA
TALK items(0) + obj.z[1] + items(1).length
' expect: a21
x = MAX 3, 5
d = DATEADD "2026-03-01", "days", 9
TALK x + " " + FORMAT d, "YYYY-MM-DD"
' expect: 5 2026-03-10
PUSH items, x
APPEND obj.z, 3
TALK UBOUND(items) + UBOUND(obj.z)
' expect: 7
FOR EACH item IN items LAST 1
  LOG_INFO item
  LOG "item", item
END FOR
' expect log: 5
' expect log: item 5
For i = 1 To 3
  IF i = 2 THEN EXIT FOR
Next i
TALK i + UBOUND(parts)
' expect: 4
IF TRUE
  AND x = 5
  OR FALSE THEN
  TALK "and so on"
END IF
' expect: and so on
