' Asks for secrets, then does with them all that a careless author might do.
HEAR word AS PASSWORD WITH "Choose a password."
HEAR card AS CREDITCARD WITH "And a card, please."
kept = {word: word, cards: [card]}
SET BOT MEMORY "word", word
SET USER MEMORY "card", card
LOG "stored " + word
PRINT kept
TALK "I heard " + word + " and ${card} and " + JSON(kept)
HEAR again AS PASSWORD WITH "The password again?"
IF again = word THEN
  TALK "The same, " + LEN(again) + " characters."
ELSE
  TALK "Another one."
END IF
ON ERROR RESUME NEXT
  day = DATEADD(word, 1, "day")
  TALK "Error: " + ERROR MESSAGE
ON ERROR GOTO 0
TALK CINT(card) * 2
