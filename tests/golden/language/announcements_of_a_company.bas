SET_BOT_MEMORY "resume", "The office moves to Lisbon."
let resume1 = GET BOT MEMORY("resume")
let resume2 = GET BOT MEMORY("auxiliary")
IF NOT resume2 THEN
  resume2 = "Nothing else."
ENDIF
Set_Context "in general" as "${resume1}"
SET_CONTEXT "auxiliary" AS resume2
clear suggestions
Add Suggestion "in general" As "General"
add_suggestion "auxiliary" as "Further"
TALK resume1
' expect: The office moves to Lisbon.
' expect suggestions: General | Further
TALK "Ask me anything."
' expect: Ask me anything.
HEAR topic
' tap: 2
TALK topic
' expect: auxiliary
