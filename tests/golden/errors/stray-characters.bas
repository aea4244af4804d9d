' error: stray-character 3 7
' error: stray-character 4 5
x = 5 @ 3
y = `a`
TALK x + y
