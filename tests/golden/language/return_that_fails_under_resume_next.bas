' With ON ERROR RESUME NEXT a RETURN may fail: the function goes on behind it, and answers null at its end.
ON ERROR RESUME NEXT
FUNCTION size(a)
  RETURN LEN(1 / a)
END FUNCTION
n = size(0)
TALK "got <" + n + ">"
' expect: got <>
TALK n + 1
' expect: 1
' expect variables: {"n": null}
