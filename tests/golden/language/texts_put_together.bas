' A chain of + and & is one text, whatever its operands are, and however many.
FUNCTION asked(question)
  TALK question
  HEAR answer
  RETURN answer
END FUNCTION

FUNCTION noted(value)
  PUSH log, value
  RETURN value
END FUNCTION

log = []
n = 3
half = 0.5
whole = 2.0
nothing = NULL
list = [1, "two"]
name = "Ana"
' expect: Ana has 3 and 0.5 of 2
TALK name + " has " + n + " and " + half + " of " + whole
' expect: [1,"two"]true3Ana{braces}%s
TALK "" + list + TRUE + nothing + STR(n) + (name & "{braces}") + "%s"
' expect: 7 sum, 34 not
TALK n + 4 + " sum, " & 3 & 4 & " not"
' expect: Ana-Ana-Ana-Ana-Ana-Ana-0.5
TALK name + "-" + name + "-" + name + "-" + name + "-" + name + "-" + name + "-" + half
' expect: Hello Ana, 3.5 and [1,"two"] or 'nested Ana'
TALK "Hello ${name}, ${n + half} and ${list} or '${"nested ${name}"}'"
' expect: abc
TALK "" + noted("a") + noted("b") + noted("c")
' expect: a,b,c
TALK log.join(",")
' expect: First?
' hear: one
' expect: Second?
' hear: two
' expect: < one | two | Ana >
TALK "< " + asked("First?") + " | " + asked("Second?") + " | " + name + " >"
long = REPEAT("x", 300)
' expect: 304 302 255
TALK LEN(long + n + name) + " " + LEN("${n}${long}.") + " " + LEN(LEFT(long, 255))
' expect: 300 299 0
TALK LEN(LEFT(long, 1000)) + " " + LEN(MID(long, 2, 1000)) + " " + VAL("no number")
' expect: 12 12.5 7
TALK VAL(" 12 ") + " " + VAL("12.5") + " " + (VAL(STR(n)) + 4)
a = []
FOR i = 0 TO 2
  a[i] = "k" + i
NEXT
a[1] = name + long
' expect: k0 303 k2
TALK a[0] + " " + LEN(a[1]) + " " + a[2]
