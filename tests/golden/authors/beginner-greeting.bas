TALK Hello there
TALK "What is your name?
HEAR "name"
TALK "Nice to meet you " name
