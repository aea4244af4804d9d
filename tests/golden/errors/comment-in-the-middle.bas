' error: stray-character 2 7
x = 5 # five
TALK x
