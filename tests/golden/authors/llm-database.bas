customer = FIND "customers", "email=" + email
IF customer = NULL THEN
    SAVE "customers", email
END IF
reply = LLM "Write a greeting"
TALK reply
