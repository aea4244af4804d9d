' error: number-too-large 4 5
' error: number-too-large 5 5
' error: number-too-large 7 5
x = 99999999999999999999
y = 9223372036854775808
z = -9223372036854775808
w = 1e999
TALK x + y + z + w
