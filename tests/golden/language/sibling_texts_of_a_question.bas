HEAR size AS MENU "Small", "Large"
' expect options: Small | Large
' hear: 2
TALK size
' expect: Large
answer = HEAR "And the colour?"
' expect: And the colour?
' hear: red
HEAR AS email
' hear: ANA@example.com
TALK answer + " " + email
' expect: red ana@example.com
