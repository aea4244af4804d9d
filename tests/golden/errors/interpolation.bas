' error: unclosed-interpolation 6 13
' error: syntax 7 21
' error: syntax 8 15
' error: unclosed-interpolation 10 6
name = "Ana"
TALK "Hello ${name"
TALK "Hello ${name +}"
TALK "Hello ${}"
BEGIN TALK
Dear ${name
END TALK
