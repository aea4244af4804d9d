TALK "Only some pages may show me."
HEAR line
TALK "You said " + line
