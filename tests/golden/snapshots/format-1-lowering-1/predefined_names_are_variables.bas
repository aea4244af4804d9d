TALK username + " on " + channel + ": " + message
x = HEAR
TALK message
username = "Eve"
y = HEAR
TALK username + session_id
' expect: Ana on web: hello
' hear: a
' expect: hello
' hear: b
' expect: Evesession-1
' expect variables: {"x": "a", "y": "b", "username": "Eve"}
