' warning: result-not-returned 10 3
' warning: unused-label 12 1
' warning: always-true 14 22
' warning: placeholder 15 8
' warning: placeholder 16 19
' warning: always-true 18 22
colour = HEAR "Which?"
price = 5
FUNCTION total(a)
  total = a + 1
END FUNCTION
begin_here:
TALK "it costs {0} of {unknown}, \{price} and $5" + total(price)
IF colour = "red" OR "blue" THEN
  TALK "It is {colour}"
  TALK "It is " + "%colour%"
END IF
WHILE NOT (colour OR "green")
  colour = REPLACE("{colour}", "{colour}", "x") OR "none"
WEND
