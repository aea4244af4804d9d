HEAR answer WITH "Do you like it?"
IF answer = "yes" THEN TALK "Good!"
    TALK "I am glad."
ELSE
    TALK "A pity."
END IF
