' A short tour. Every HEAR is a place where this conversation can rest: for a second or for a month,
' through a closed browser, a restarted server or another channel.

GET user_name
GET note
games = 0
IF user_name THEN
    TALK "Welcome back, **${user_name}**! Good to see you again."
ELSE
    TALK "Hello! 👋 I am a bot written in BASIC, and I have an excellent memory."
    user_name = HEAR "What may I call you?"
    TALK "Nice to meet you, **${user_name}**."
END IF

DO
    HEAR choice AS "What can you do?", "Show me the code", "Keep a note", "Play a game", "Goodbye" WITH "What shall we do?"
    SELECT CASE choice
        CASE "What can you do?"
            BEGIN TALK
I hold **one** conversation on every channel, and I never lose my place. Try me:

1. Reload this page: everything is still here.
2. Stop the server while I wait for an answer, and start it again.
3. Answer. I go on at the very same statement.
            END TALK
        CASE "Show me the code"
            BEGIN TALK
This is a whole bot, menu and all:

```
HEAR size AS "Small", "Large" WITH "Which size?"
HEAR count AS INTEGER WITH "How many?"
TALK count + " × " + size + ", coming up!"
```

Save it as `bots/pizza/start.bas` and open `/pizza`.
            END TALK
        CASE "Keep a note"
            IF note THEN TALK "So far I kept this one: *${note}*"
            HEAR note WITH "What shall I remember for you?"
            TALK "Kept. Come back in a month and ask me."
        CASE "Play a game"
            games = games + 1
            GuessMyNumber((LEN(user_name) * 7 + games * 13) MOD 20 + 1)
    END SELECT
LOOP UNTIL choice = "Goodbye"

TALK "Goodbye, ${user_name}. Write whenever you like: I will know you."

SUB GuessMyNumber(secret)
    TALK "I am thinking of a number from 1 to 20. 🤔"
    FOR guesses = 1 TO 5
        HEAR guess AS INTEGER WITH "Your guess?"
        IF guess = secret THEN
            TALK "Yes, it is ${secret}! 🎉 Found with guess number ${guesses}."
            RETURN
        END IF
        IF guesses < 5 THEN TALK IIF(guess < secret, "Higher.", "Lower.")
    NEXT guesses
    TALK "It was ${secret}. Five guesses are enough, if you halve what is left each time."
END SUB
