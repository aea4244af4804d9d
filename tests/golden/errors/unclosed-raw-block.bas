' error: unclosed-block 3 1
TALK "a"
BEGIN TALK
Everything here is text.
IF this THEN it is text, too.
