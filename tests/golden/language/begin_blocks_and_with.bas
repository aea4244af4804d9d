name = "Ana"
subject = "Order"
BEGIN TALK
Dear ${name},

your ${subject} is ready.
END TALK
BEGIN SYSTEM PROMPT
You help ${name}.
END SYSTEM PROMPT
WITH mail
  .subject = subject
  to = name
END WITH
TALK mail.subject + " to " + mail.to
PRINT "debug", 5
LOG "logged"
' expect: Dear Ana,\n\nyour Order is ready.
' expect: Order to Ana
' expect log: debug 5
' expect log: logged
