tries = 0
WHILE tries < 2
  tries = tries + 1
  w = HEAR
  TALK "while " + w
WEND
DO
  w = HEAR
  TALK "do " + w
LOOP UNTIL w = "stop"
DO WHILE TRUE
  w = HEAR
  IF w = "out" THEN EXIT DO
  IF w = "skip" THEN CONTINUE
  TALK "again " + w
LOOP
TALK "end"
' hear: a
' expect: while a
' hear: b
' expect: while b
' hear: c
' expect: do c
' hear: stop
' expect: do stop
' hear: d
' expect: again d
' hear: skip
' hear: out
' expect: end
