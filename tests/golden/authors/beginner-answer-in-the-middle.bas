TALK "What is your name?"
TALK "Hello " + HEAR
IF HEAR = "yes" THEN TALK "fine"
