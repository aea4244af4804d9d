FOR EACH item IN ["tea", "milk"]
    TALK item
END FOREACH
WHILE TRUE
    TALK "again"
    BREAK
END LOOP
IF TRUE THEN
    TALK "x"
END
