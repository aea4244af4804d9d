' error: stray-end 7 1
' error: stray-end 8 1
' error: stray-end 9 1
' error: stray-end 10 1
' error: stray-end 11 1
TALK "a"
NEXT
WEND
LOOP
END SELECT
CATCH e
