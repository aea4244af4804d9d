' Talks over any channel; here over the relay.
TALK "What is your card number?"
card = HEAR
TALK "I will remember " + MASK(card)
