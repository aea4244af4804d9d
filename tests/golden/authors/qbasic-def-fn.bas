DEF FNdouble(x) = x * 2
TALK FNdouble(4)
WHILE x < 3
    x = x + 1
ENDWHILE
DO UNTIL x = 0
    x = x - 1
ENDDO
