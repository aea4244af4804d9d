' FOR ends where the next value would be no integer any more, with and without a HEAR inside.
FOR i = 9223372036854775806 TO 1e300
  TALK i
NEXT
' expect: 9223372036854775806
' expect: 9223372036854775807
FOR i = 1 TO 3 STEP 9223372036854775807
  HEAR x
  TALK x + i
NEXT
' hear: a
' expect: a1
FOR i = 1 TO 3
  i = 9223372036854775807
NEXT
TALK "done"
' expect: done
FOR half = 1e308 TO 1.7e308 STEP 1e308
  TALK "once"
NEXT
' expect: once
