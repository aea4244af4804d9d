' warning: nothing-runs 2 1
SUB Main()
  TALK "Hello"
END SUB
