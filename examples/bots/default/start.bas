' A short tour. Every HEAR is a place where this conversation can rest: for a second or for a month,
' through a closed browser, a restarted server or another channel.

visits = GET BOT MEMORY("visits of " + session_id)
SET BOT MEMORY "visits of " + session_id, visits + 1

GET user_name
GET note
IF user_name THEN
    TALK "Welcome back, ${user_name}! We have talked ${visits} times before."
ELSE
    TALK "Hello! I am a bot written in BASIC."
    user_name = HEAR "What is your name?"
    TALK "Nice to meet you, **${user_name}**."
END IF

DO
    HEAR choice AS "What can you do?", "Remember something", "Count with me", "Goodbye" WITH "What shall we do?"
    SELECT CASE choice
        CASE "What can you do?"
            BEGIN TALK
I hold *one* conversation on every channel. Try this:

- close this page and open it again,
- stop the server in the middle of a question and start it again,
- and answer: I go on at the same statement.
            END TALK
        CASE "Remember something"
            RememberNote()
        CASE "Count with me"
            CountTogether()
    END SELECT
LOOP UNTIL choice = "Goodbye"

TALK "Goodbye, ${user_name}. Write to me whenever you like: I will know you."

SUB RememberNote()
    IF note THEN TALK "I still know your note: “${note}”"
    HEAR note WITH "What shall I remember?"
    TALK "I shall not forget: “${note}”"
END SUB

SUB CountTogether()
    HEAR goal AS INTEGER WITH "How far shall we count? A number up to 10." DEFAULT 3
    FOR i = 1 TO MIN(goal, 10)
        HEAR said AS INTEGER WITH "Say ${i}, please."
        IF said <> i THEN
            TALK "That was ${said}, not ${i}. Never mind."
            RETURN
        END IF
    NEXT i
    TALK "Well counted!"
END SUB
