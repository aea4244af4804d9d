start:
HEAR choice AS "Again", "Stop"
REPEAT
    TALK "once more"
UNTIL choice = "Stop"
LOOP 3 TIMES
    TALK "x"
END LOOP
GOTO strat
