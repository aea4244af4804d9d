counter = 0
SUB bump(by)
  counter = counter + by
  own = 5
END SUB
bump(2)
bump(3)
TALK counter
TALK "own is ${own}"
FUNCTION asked()
  counter = counter + 1
  a = HEAR
  counter = counter + 1
  RETURN a
END FUNCTION
TALK asked() + counter
' expect: 5
' expect: own is 
' hear: x
' expect: x7
' expect variables: {"counter": 7}
