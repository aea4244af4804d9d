' Called by start.bas: it shares the session and the variables, and may ask questions of its own.

HEAR product WITH "Which product is it?"
HEAR broken_since AS DATE WITH "Since when does it not work?"
HEAR tried AS BOOLEAN WITH "Have you tried to switch it off and on again?"
attempt = IIF(tried, "a restart did not help", "not restarted yet")
repair_ticket = { "topic": "repair", "details": "${product}, broken since ${broken_since}, ${attempt}" }
