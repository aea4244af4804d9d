' warning: missing-script 5 10
' warning: missing-script 6 10
' warning: missing-script 7 10
' warning: never-set 16 47
ADD_TOOL "track"
ADD TOOL "cancel.bas"
USE TOOL refund
USE_KB "policies"
CLEAR SUGGESTIONS
ADD SUGGESTION track AS "Where is my order?"
ADD_SUGGESTION "Cancel an order"
SET CONTEXT "You help customers of a store."
SET CONTEXT customer AS "gold"
SET CONTEXT "limits", "never promise a refund"
BEGIN SYSTEM PROMPT
You are the assistant of a store. Answer in ${language ?? "English"}.

Products as YAML:
orderedItems:
  - TALK: "never parsed"
    IF: stock is low THEN say so
END PRODUCTS
Today is ${TODAY()}.
END SYSTEM PROMPT
BEGIN TALK
**Welcome** to the store, ${username}!

What can I do for you?
END TALK
