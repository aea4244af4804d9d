' First message
name = HEAR
SET user_name = name
' hear: Ana
' expect variables: {"name": "Ana", "user_name": "Ana"}
