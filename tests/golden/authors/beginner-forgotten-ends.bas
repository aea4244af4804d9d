HEAR age AS INTEGER WITH "How old are you?"
IF age < 18 THEN
    TALK "You are young."
FOR i = 1 TO 3
    TALK i
