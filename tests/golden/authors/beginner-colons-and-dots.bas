TALK: "Hello."
HEAR name.
IF name = "Ana" THEN:
    TALK "Hello, Ana".
END IF.
