HEAR colour WITH "Which colour?"
IF colour = "red" OR "blue" THEN
    TALK "We have that one."
END IF
IF colour = "red" AND colour = "blue" THEN TALK "Both?"
