name = "Ana"
CALL "menu.bas"
TALK "Back: " + choice + ", " + name
result = CALL "sum", 2, 3
TALK result
' with: menu
' with: sum
' expect: Menu for Ana
' hear: 2
' expect: Back: Coffee, Bea
' hear: 4
' expect: 9
