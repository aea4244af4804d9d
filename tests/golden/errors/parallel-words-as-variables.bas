' warning: not-available 21 1
' warning: not-available 22 1
list = [1, 2]
filter = "a=1"
description = "text"
data = {}
message = "m"
status = 1
format = "DD"
first = list[0]
template = "t"
attachment = NULL
query = "q"
report = "r"
timestamp = NOW()
case = 5
to = "ana@example.com"
from = "bot@example.com"
step = 2
like = "x"
SEND MAIL to, description, message
SAVE "log", to, description, status
rows = FILTER(list, filter)
TALK report
TALK query + template + format + attachment + timestamp
IF list THEN
  TALK first + case + data.status + status
END IF
FOR i = 1 TO step
  TALK to + like + from + rows
NEXT
