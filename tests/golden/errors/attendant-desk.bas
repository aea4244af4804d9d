' error: unsupported-keyword 7 5
' error: unsupported-keyword 8 20
' error: unsupported-keyword 9 3
' error: unsupported-keyword 11 8
' error: unsupported-keyword 12 1
' warning: not-available 13 1
q = GET QUEUE
FOR EACH person IN GET ATTENDANTS "online"
  ASSIGN CONVERSATION q.first, person.id
NEXT
tips = GET TIPS session_id, message
NOTIFY AGENT "a", "hello"
TRANSFER TO HUMAN "Ana", "urgent"
