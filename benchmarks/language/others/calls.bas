10 DIM A(100), R(100)
20 D = 0: A(0) = @N
30 GOSUB 100
40 PRINT R(0)
50 SYSTEM
100 IF A(D) < 2 THEN R(D) = A(D): RETURN
110 A(D + 1) = A(D) - 1: D = D + 1: GOSUB 100: D = D - 1
120 R(D) = R(D + 1)
130 A(D + 1) = A(D) - 2: D = D + 1: GOSUB 100: D = D - 1
140 R(D) = R(D) + R(D + 1)
150 RETURN
