10 V = 0: P = 0: L$ = ""
20 FOR T = 1 TO @N
30 N$ = "Customer " + STR$(T)
40 V = V + 1
50 G$ = "Hello, " + N$ + "!"
60 IF V > 3 THEN G$ = G$ + " Welcome back."
70 C$ = "2"
80 O$ = ""
90 IF C$ = "1" THEN O$ = "tea" ELSE IF C$ = "2" THEN O$ = "coffee" ELSE O$ = "cake"
100 PR = VAL("3") * 2
110 Q = VAL(C$)
120 TT = PR * Q
130 IF TT > 10 THEN D = 1 ELSE D = 0
140 TT = TT - D
150 B$ = LEFT$(O$, 3)
160 S = LEN(O$)
170 W = INSTR(O$, "f")
180 IF W > 0 THEN B$ = B$ + "-" + STR$(W)
190 U$ = STR$(Q) + " x " + O$
200 E$ = U$ + " = " + STR$(TT)
210 IF S > 4 THEN E$ = E$ + " (" + B$ + ")"
220 X$ = ""
230 IF LEFT$(E$, 1) = "2" THEN X$ = "pair"
240 K$ = N$ + ":" + O$
250 IF LEN(K$) > 40 THEN K$ = LEFT$(K$, 40)
260 P = P + TT
270 IF P > 1000 THEN P = 0
280 L$ = G$ + " " + E$ + X$
290 NEXT
300 PRINT L$
310 SYSTEM
