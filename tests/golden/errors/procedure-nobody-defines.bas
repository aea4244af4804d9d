' error: unknown-name 5 6
' error: unknown-name 6 5
' error: unknown-name 7 1
TALK "a"
CALL Welcome("Ana")
x = compute(1)
recompute
