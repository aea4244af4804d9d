' The conversation of the browser tests.
TALK "Welcome! What is your **name**?"
HEAR name
TALK "Nice to meet you, " + name + "."
HEAR size AS MENU "Small", "Medium", "Large"
TALK "One " + size + " coffee for " + name + "."
HEAR mail AS EMAIL
TALK "The receipt goes to " + mail
