x = 5 if TRUE else 6
y = lambda a: a + 1
a, b = 1, 2
if x > 3: TALK "large"
name: str = "Ana"
TALK x
