USE KNOWLEDGE BASE "policies"
USE KB policies
USE KB
USE TOOL "book-table"
SET SYSTEM PROMPT "You are friendly"
BEGIN PROMPT
Be kind.
END PROMPT
