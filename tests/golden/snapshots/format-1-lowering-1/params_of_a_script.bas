PARAM city AS STRING LIKE "Lima" DESCRIPTION "Where" OPTIONAL
PARAM days AS INTEGER DEFAULT 3
DESCRIPTION "Weather"
IF NOT city THEN city = "Rome"
TALK city + " for " + days
SUB show()
  TALK days
END SUB
show()
x = HEAR
show()
RETURN WITH place AS city, n AS days
' expect: Rome for 3
' expect: 3
' hear: a
' expect: 3
' expect result: {"place": "Rome", "n": 3}
' expect variables: {"x": "a"}
