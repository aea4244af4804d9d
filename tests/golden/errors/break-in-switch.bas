' error: exit-outside 6 3
a = 1
SWITCH a
CASE 1
  TALK "one"
  BREAK
END SWITCH
