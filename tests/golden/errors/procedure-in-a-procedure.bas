' error: nested-procedure 3 1
SUB outer()
SUB inner()
  TALK "x"
END SUB
END SUB
outer()
