DIM days(7) AS STRING
REDIM PRESERVE days(10)
days(1) = "Monday"
ERASE days
FOR i = LBOUND(days) TO UBOUND(days)
    TALK days(i)
NEXT
