' error: syntax 8 12
MASK "a"
x = MASK("b")
TAG "a", 1, 2, 3
TAG("b", 1)
y = ASK SERVICE "q" TO "s"
z = ASK SERVICE("q", "s")
ASK SERVICE
TALK x + y + z
