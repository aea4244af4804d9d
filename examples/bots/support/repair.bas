' Called by start.bas: it shares the session and the variables, and may ask questions of its own.

HEAR product WITH "Which product is it?"
HEAR broken_since AS DATE WITH "Since when does it not work?"
HEAR photo AS "Yes, later", "No" WITH "Can you send us a photo?"
repair_ticket = { "topic": "repair", "details": product + ", broken since " + broken_since + ", photo: " + LCASE(photo) }
