n = 9223372036854775807
TRY
  n = n + 1
CATCH e
  TALK "too large"
END TRY
TALK n
m = 1
FOR i = 1 TO 70
  m = m * 2
NEXT
' expect: too large
' expect: 9223372036854775807
' expect error: E_OVERFLOW line 10
