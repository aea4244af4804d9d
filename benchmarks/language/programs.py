"""The four programs of the comparison, each in BASIC and in the Python that one would write by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LOOP = """
s = 0
FOR i = 1 TO {n}
  IF i MOD 2 = 0 THEN
    s = s + i
  ELSE
    s = s - 1
  END IF
NEXT
RETURN s
"""


def loop(n: int) -> int:
    s = 0
    for i in range(1, n + 1):
        if i % 2 == 0:
            s = s + i
        else:
            s = s - 1
    return s


STRINGS = """
a = []
FOR i = 0 TO 999
  PUSH a, ""
NEXT
t = ""
hits = 0
FOR i = 1 TO {n}
  a[i MOD 1000] = "k" + STR(i)
  t = t + MID(a[i MOD 1000], 1, 2)
  IF LEN(t) > 100 THEN
    t = ""
    hits = hits + 1
  END IF
NEXT
RETURN hits
"""


def strings(n: int) -> int:
    a = [""] * 1000
    t = ""
    hits = 0
    for i in range(1, n + 1):
        a[i % 1000] = "k" + str(i)
        t = t + a[i % 1000][0:2]
        if len(t) > 100:
            t = ""
            hits = hits + 1
    return hits


CALLS = """
FUNCTION fib(n)
  IF n < 2 THEN
    RETURN n
  END IF
  RETURN fib(n - 1) + fib(n - 2)
END FUNCTION
RETURN fib({n})
"""


def fib(n: int) -> int:
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


DIALOGUE_BODY = """
  name = "Customer " + STR(turn)
  visits = visits + 1
  greeting = "Hello, " + name + "!"
  IF visits > 3 THEN
    greeting = greeting + " Welcome back."
  END IF
  choice = "2"
  order = ""
  IF choice = "1" THEN
    order = "tea"
  ELSE IF choice = "2" THEN
    order = "coffee"
  ELSE
    order = "cake"
  END IF
  price = VAL("3") * 2
  quantity = VAL(choice)
  total = price * quantity
  IF total > 10 THEN
    discount = 1
  ELSE
    discount = 0
  END IF
  total = total - discount
  label = LEFT(order, 3)
  size = LEN(order)
  where = INSTR(order, "f")
  IF where > 0 THEN
    label = label + "-" + STR(where)
  END IF
  summary = STR(quantity) + " x " + order
  line = summary + " = " + STR(total)
  IF size > 4 THEN
    line = line + " (" + label + ")"
  END IF
  note = ""
  IF LEFT(line, 1) = "2" THEN
    note = "pair"
  END IF
  key = name + ":" + order
  IF LEN(key) > 40 THEN
    key = LEFT(key, 40)
  END IF
  points = points + total
  IF points > 1000 THEN
    points = 0
  END IF
  last = greeting + " " + line + note
"""
DIALOGUE = f"""
visits = 0
points = 0
last = ""
FOR turn = 1 TO {{n}}
{DIALOGUE_BODY}
NEXT
RETURN last
"""


def dialogue(n: int) -> str:
    visits = 0
    points = 0
    last = ""
    for turn in range(1, n + 1):
        name = "Customer " + str(turn)
        visits = visits + 1
        greeting = "Hello, " + name + "!"
        if visits > 3:
            greeting = greeting + " Welcome back."
        choice = "2"
        order = ""
        if choice == "1":
            order = "tea"
        elif choice == "2":
            order = "coffee"
        else:
            order = "cake"
        price = float("3") * 2
        quantity = float(choice)
        total = price * quantity
        discount = 1 if total > 10 else 0
        total = total - discount
        label = order[:3]
        size = len(order)
        where = order.find("f") + 1
        if where > 0:
            label = label + "-" + str(where)
        summary = str(quantity) + " x " + order
        line = summary + " = " + str(total)
        if size > 4:
            line = line + " (" + label + ")"
        note = ""
        if line[:1] == "2":
            note = "pair"
        key = name + ":" + order
        if len(key) > 40:
            key = key[:40]
        points = points + total
        if points > 1000:
            points = 0
        last = greeting + " " + line + note
    return last


def calls_of_fib(n: int) -> int:
    return 1 if n < 2 else 1 + calls_of_fib(n - 1) + calls_of_fib(n - 2)


@dataclass(frozen=True)
class Program:
    """One program, in BASIC and as one would write it in Python.

    :param file: its name in ``others``.
    :param unit: what one unit of its work is: figures are for one.
    :param n: the size that is run.
    :param far: the size for other languages, which run as processes of their own; smaller ones run ``near``.
    :param units: how much work a size is.
    :param must: BASIC may take so many times as long as Python.
    :param aim: how many times it should be at most.
    """

    name: str
    file: str
    unit: str
    basic: str
    python: Callable[[int], object]
    n: int
    far: int
    near: int
    must: float
    aim: float
    units: Callable[[int], int] = lambda n: n


PROGRAMS = (
    Program("loop", "loop", "turn", LOOP, loop, 60_000, 1_000_000, 400, 2.5, 1.3),
    Program("arrays and strings", "strings", "turn", STRINGS, strings, 20_000, 300_000, 300, 2.5, 1.8),
    Program("calls (fib)", "calls", "call", CALLS, fib, 19, 25, 12, 4.0, 2.2, calls_of_fib),
    Program("dialogue, 34 statements", "dialogue", "turn", DIALOGUE, dialogue, 3_000, 60_000, 60, 2.5, 1.5),
)
