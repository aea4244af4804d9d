ON ERROR RESUME NEXT
n = 1
x = HEAR
n = 2
TALK "not seen"
TRY
  WHILE TRUE
    n = n + 1
  WEND
CATCH e
  TALK "never"
END TRY
' set: units 5000
' hear: go
' expect error: E_BUDGET_UNITS line 7
' new run:
' hear: go
' expect error: E_BUDGET_UNITS
