' Whoever cannot tap a suggestion types its label or its number; any other answer is the answer.
ADD SUGGESTION "r" AS "Red"
ADD SUGGESTION "b" AS "Blue"
first = HEAR
ADD SUGGESTION "r" AS "Red"
ADD SUGGESTION "b" AS "Blue"
second = HEAR
ADD SUGGESTION "r" AS "Red"
ADD SUGGESTION "b" AS "Blue"
third = HEAR
ADD SUGGESTION "r" AS "Red"
ADD SUGGESTION "b" AS "Blue"
fourth = HEAR
TALK [first, second, third, fourth]
ADD SUGGESTION "Tomorrow"
ADD SUGGESTION "2026-12-24" AS "At Christmas"
HEAR day AS DATE
TALK day
ADD SUGGESTION "10"
ADD SUGGESTION "20"
HEAR pieces AS INTEGER
TALK pieces
' hear: 2
' hear: red!
' hear: the reddest
' hear: 3
' expect: ["b","r","the reddest","3"]
' hear: 2
' expect: 2026-12-24
' hear: 2
' expect: 2
