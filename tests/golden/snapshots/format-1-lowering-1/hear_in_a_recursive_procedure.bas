FUNCTION collect(depth)
  HEAR x WITH "level " + depth
  IF depth = 3 THEN
    RETURN x
  END IF
  RETURN x + "-" + collect(depth + 1)
END FUNCTION
TALK collect(1)
' expect: level 1
' hear: a
' expect: level 2
' hear: b
' expect: level 3
' hear: c
' expect: a-b-c
