' error: unsupported-keyword 5 1
' error: unsupported-keyword 6 10
' error: unsupported-keyword 7 1
DIM messages(10) AS STRING
TOOL weather DESCRIPTION "The weather" PARAMS city
answer = ASK LLM messages WITH TOOLS
BEGIN TRANSACTION
  UPDATE "a" SET b = 1 WHERE c = 2
COMMIT
TALK answer
