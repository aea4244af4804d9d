' error: syntax 5 14
' error: syntax 6 12
' error: syntax 7 10
name = "Ana"
TALK "Hello" name
TALK Hello there
TALK "a" "b"
