' error: syntax 12 8
' error: malformed-number 14 5
' error: syntax 15 5
' error: malformed-number 16 5
' error: syntax 17 6
' error: syntax 18 11
' error: syntax 19 9
' warning: missing-script 20 6
' error: syntax 21 25
' error: unclosed-block 24 1
' error: unknown-name 30 1
PARAM d, e AS STRING
PARAM z AS ENUM ["a", "b"] DESCRIPTION "One " + "of two"
a = 0x1F
b = &HFF
c = 1_000
d = 1,000
TALK "a"; "b"
TALK "a", "b"
CALL other.bas
FUNCTION twice(n, times = 2)
  RETURN n * times
END FUNCTION
SUB never_ended
  TALK "x"
END
SUB fine(OPTIONAL who)
  TALK who
END SUB
This looks like a remark
