FUNCTION AskName() AS STRING
    HEAR n WITH "Your name?"
    AskName = n
END FUNCTION
PROCEDURE Show(text)
    TALK text
END PROCEDURE
TALK "Hi " + AskName()
