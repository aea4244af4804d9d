FUNCTION describe(n)
  SELECT CASE n
    CASE 1
      RETURN "one"
    CASE 2, 3
      RETURN "few"
    CASE 4 TO 9
      RETURN "some"
    CASE IS > 99
      RETURN "very many"
    CASE ELSE
      RETURN "many"
  END SELECT
END FUNCTION
FOR EACH n IN [1, 3, 5, 50, 100, "2"]
  TALK describe(n)
NEXT
SWITCH "b"
  CASE "a"
    TALK "never"
  CASE "b", "c"
    TALK "b or c"
  DEFAULT
    TALK "never"
END SWITCH
' expect: one
' expect: few
' expect: some
' expect: many
' expect: very many
' expect: few
' expect: b or c
