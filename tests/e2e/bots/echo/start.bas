' Says again whatever it hears.
TALK "Say something."
WHILE TRUE
  HEAR line
  TALK line
WEND
