HEAR name AS STRING PROMPT "What is your name?"
ASK "How old are you?" INTO age
SAY "Hello " + name
SET name TO "Ana"
WAIT FOR name
IF name IS "Ana" THEN
    REPLY "Hello"
END IF
DISPLAY "Bye"
