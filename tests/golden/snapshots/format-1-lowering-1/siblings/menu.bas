TALK "Menu for " + name
HEAR choice AS "Tea", "Coffee"
name = "Bea"
EXIT
TALK "never"
