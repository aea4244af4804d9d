PRINT "a"; "b", 3
' expect log: a b 3
LOG "order", { id: 1 }
' expect log: order {"id":1}
LOG_ERROR "bad"
' expect log: bad
REM a comment
// another
# and another
x = 1 // behind
y = 'text' ' behind
TALK x + '/' + y
' expect: 1/text
