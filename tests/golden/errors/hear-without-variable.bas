' error: syntax 2 6
HEAR "What is your name?"
TALK "ok"
