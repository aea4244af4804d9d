GET rounds
rounds = rounds + 1
CALL "start.bas"
TALK "after"
' expect error: E_BUDGET_DEPTH
