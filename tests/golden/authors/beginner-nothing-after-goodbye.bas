TALK "Goodbye"
END
TALK "One more thing"
