' error: duplicate-procedure 5 1
SUB greet(name)
  TALK name
END SUB
sub Greet
END SUB
greet "Ana"
