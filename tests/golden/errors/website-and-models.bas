' warning: not-available 11 1
' warning: not-available 13 1
' warning: not-available 14 1
' warning: not-available 15 1
' warning: not-available 16 1
' warning: not-available 17 5
' warning: not-available 18 5
' warning: not-available 21 10
' warning: not-available 23 10
' warning: not-available 24 7
USE WEBSITE "https://docs.example.com" REFRESH "1d"
USE_WEBSITE("https://example.com")
ADD WEBSITE "https://other.example.com"
CLEAR WEBSITES
USE MODEL fast
SET MODEL ROUTING "fallback", "fast", "quality"
m = GET CURRENT MODEL
l = LIST MODELS
SET ANSWER MODE "document"
SET_ANSWER_MODE direct
answer = LLM "Summarise: ${m} ${l}"
  WITH OPTIMIZE FOR "speed"
better = REWRITE answer
why = THINK KB "What is the policy?"
TALK better + why.summary
