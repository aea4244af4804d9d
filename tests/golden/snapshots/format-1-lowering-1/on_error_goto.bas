SUB risky()
  TALK "risky"
  r = HEAR
  x = 1 / 0
  TALK "never"
END SUB
ON ERROR GOTO failed
risky()
TALK "never"
failed:
TALK "caught " + ERROR MESSAGE
y = 1 / 0
' expect: risky
' hear: go
' expect: caught Division by zero
' expect error: E_DIVISION line 12
