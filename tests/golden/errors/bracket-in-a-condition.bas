' error: unclosed-bracket 2 20
b = FIND "t" WHERE (x = 1
TALK b
