TRY
  HEAR x
CATCH e
  TALK e
END TRY
HEAR y
TALK "never"
' timeout:
' expect: Nobody answered in time
' timeout:
' expect error: E_TIMEOUT line 6
