SUB ask(question)
  TALK question
  reply = HEAR
  TALK "You said " + reply
END SUB

FUNCTION number(label)
  HEAR n AS INTEGER WITH label
  RETURN n
END FUNCTION

ask("First?")
CALL ask("Second?")
sum = number("a?") * 10 + number("b?")
TALK sum
IF number("c?") > 5 AND number("d?") > 5 THEN TALK "both" ELSE TALK "not both"
' expect: First?
' hear: one
' expect: You said one
' expect: Second?
' hear: two
' expect: You said two
' expect: a?
' hear: 4
' expect: b?
' hear: 2
' expect: 42
' expect: c?
' hear: 6
' expect: d?
' hear: 7
' expect: both
' new run:
' expect: First?
' hear: one
' expect: You said one
' expect: Second?
' hear: two
' expect: You said two
' expect: a?
' hear: 1
' expect: b?
' hear: 1
' expect: 11
' expect: c?
' hear: 5
' expect: not both
