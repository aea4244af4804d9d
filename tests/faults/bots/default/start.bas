' Counts what it hears: an answer that was lost or taken twice shows in the number.
n = 0
DO
    HEAR k
    n = n + 1
    TALK k + ":" + n
LOOP
