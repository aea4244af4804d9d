' error: syntax 3 5
' error: syntax 5 10
x = THEN
y = 5 +
z = a AND
