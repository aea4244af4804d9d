questions = ["Name?", "Town?", "Colour?"]
answers = []
FOR EACH q IN questions
  HEAR a WITH q
  PUSH answers, a
NEXT
TALK JOIN(answers, "/")
' expect: Name?
' hear: Ana
' expect: Town?
' hear: Lima
' expect: Colour?
' hear: red
' expect: Ana/Lima/red
