TALK ROUND(10 / 3, 2) + INT(3.7) + ABS(-2) + SQR(16) + MOD(7, 3) + 7 MOD 4
' expect: 16.33
TALK INSTR("hello", "l") & MID("hello", 2, 3) & LEFT("hello", 2) & REPLACE("a-b", "-", "+")
' expect: 3ellhea+b
IF 5 BETWEEN 1 AND 9 AND 3 IN [2, 3, 4] AND "abc" STARTS WITH "a" THEN TALK "yes"
' expect: yes
TALK FORMAT("2026-05-04 10:20:30", "YYYYMMDD_HHmmss") + " " + FORMAT("2026-05-04", "YYYY-MM-01")
' expect: 20260504_102030 2026-05-01
