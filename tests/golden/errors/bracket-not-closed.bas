' error: unclosed-bracket 3 5
' error: unclosed-bracket 5 5
x = (1 + 2
TALK "next line"
y = [1, 2
IF x THEN
  TALK y
END IF
