HEAR name WITH "Your name?"
TALK "Hello " + nmae
count = count + 1
total = cuont * 2
TALK total
