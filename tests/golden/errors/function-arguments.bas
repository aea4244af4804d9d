' error: wrong-argument-count 4 6
' error: wrong-argument-count 5 6
' error: wrong-argument-count 9 1
TALK LEFT("abc")
TALK IIF(1, 2)
SUB one(a)
  TALK a
END SUB
one 1, 2
