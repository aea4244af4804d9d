a = 7 \ 2
b = "x" & "y"
c = a <> b
e = a ** 2
f++
TALK a + b + c + e + f
