TRY
  TALK "before"
  x = 1 / 0
  TALK "never"
CATCH e
  TALK "caught " + e
END TRY
TRY
  THROW "mine"
CATCH
  TALK ERROR MESSAGE
END TRY
TRY
  a = HEAR
  ASSERT a = "good", "not good"
  TALK "good"
CATCH e
  b = HEAR
  TALK e + " then " + b
END TRY
FUNCTION deep(n)
  IF n = 0 THEN
    c = HEAR
    THROW "deep " + c
  END IF
  RETURN deep(n - 1)
END FUNCTION
FOR i = 1 TO 2
  TRY
    TALK deep(3)
  CATCH e
    TALK e
  END TRY
NEXT
TRY
  TRY
    THROW "inner"
  CATCH e
    d = HEAR
    THROW e + " outer"
  END TRY
CATCH e2
  TALK e2
END TRY
' expect: before
' expect: caught Division by zero
' expect: mine
' hear: bad
' hear: more
' expect: not good then more
' hear: x
' expect: deep x
' hear: y
' expect: deep y
' hear: z
' expect: inner outer
