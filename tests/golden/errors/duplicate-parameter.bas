' error: duplicate-name 4 7
' error: duplicate-name 5 13
PARAM city AS STRING
PARAM City AS STRING
SUB show(a, A)
END SUB
TALK city
