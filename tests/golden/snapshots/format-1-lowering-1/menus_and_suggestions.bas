ADD SUGGESTION "Blue"
ADD SUGGESTION "r" AS "Red"
colour = HEAR
TALK colour
sizes = ["S", "M"]
HEAR size AS MENU sizes
TALK size
HEAR other AS "Yes", "No", *
TALK other
ADD SUGGESTION "Again"
CLEAR SUGGESTIONS
ADD SUGGESTION "Bye"
' expect suggestions: Blue | Red
' tap: 2
' expect: r
' expect options: S | M
' hear: m
' expect: M
' hear: perhaps
' expect: perhaps
' expect suggestions: Bye
