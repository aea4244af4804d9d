' with: menu
' with: sum
TALK ADD_TOOL "menu.bas"
' expect: true
USE TOOL sum AS MCP
TALK ADD TOOL "absent"
' expect: false
TALK JOIN(LIST TOOLS, " ")
' expect: menu sum
CLEAR TOOL menu
USE KB policies
USE_KB("docs.gbkb")
language = "Portuguese"
SET CONTEXT "You help customers."
SET CONTEXT sales AS "gold"
SET_CONTEXT "hours", "9 to 5"
SET ANSWER MODE document
BEGIN SYSTEM PROMPT
  Answer in ${language}. TALK: never parsed
END SYSTEM PROMPT
SET USER "Ana", "ana@example.com", "77"
' expect context: {"tools": ["sum"], "kb": ["policies", "docs"], "contexts": {"default": "You help customers.", "sales": "gold", "hours": "9 to 5"}, "prompts": {"answer_mode": "document", "system": "Answer in Portuguese. TALK: never parsed"}}
