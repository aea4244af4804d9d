' First message
GET user_name
IF user_name THEN
  TALK "Welcome back, " + user_name
ELSE
  name = HEAR
  SET user_name = name
  TALK "Nice to meet you"
END IF
' hear: Ana
' expect: Nice to meet you
' expect variables: {"name": "Ana", "user_name": "Ana"}
' new run:
' expect: Welcome back, Ana
