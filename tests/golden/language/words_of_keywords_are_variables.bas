list = [1, 2]
filter = "a=1"
description = "text"
message = "m"
format = "DD"
first = list[0]
to = "ana"
from = "rui"
step = 2
like = "x"
report = "r"
query = "q"
find = { name: "f" }
save = 3
post = save + 1
TALK to + from + like + report + query + description + message + format
' expect: anaruixrqtextmDD
FOR i = 1 TO step STEP step - 1
  TALK list[i - 1] + first
NEXT
' expect: 2
' expect: 3
IF to = "ana" AND find.name = "f" THEN TALK find.name + post
' expect: f4
