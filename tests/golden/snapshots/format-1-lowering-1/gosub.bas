name = "Ana"
GOSUB greet
name = "Bea"
GOSUB greet
GOSUB outer
TALK "done"
END
greet:
  reply = HEAR
  TALK name + ": " + reply
RETURN
outer:
  TALK "outer"
  GOSUB greet
  TALK "outer again"
RETURN
' hear: hi
' expect: Ana: hi
' hear: ho
' expect: Bea: ho
' expect: outer
' hear: hu
' expect: Bea: hu
' expect: outer again
' expect: done
