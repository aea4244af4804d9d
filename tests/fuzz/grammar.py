"""Programs made up from the language's own tables: every statement, operator, function, method and keyword.

What is made compiles more often than not, and runs into suspensions, jumps and errors. The chooser is a
``random.Random``: of a fixed seed for the great numbers, of Hypothesis where a failure is to shrink.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from interpreter.functions import FUNCTIONS
from interpreter.hearing.types import KINDS, NOT_BUILT
from interpreter.values.methods import METHODS
from tests.fuzz.operands import phrase
from tests.interpreter.dialogue_kit import KEYWORDS

NAMES = ("a", "b", "total", "item", "name$", "größe", "message", "username", "left", "x1")
PROCEDURES = ("twice", "query", "helper")
MEMBERS = ("name", "items", "length", "count", "Name", "year", "hours", "id", "class", "x1")
LABELS = ("again", "done", "10")
PATHS = (
    "session.a",
    "a",
    "session.id",
    "user.name",
    "a.name",
    "item.items.0",
    "session.b.c",
    "bot.x",
    "no.such.path",
)
ROWS = '[{"name": "a", "total": 3}, {"total": NULL, "id": "2"}, {"Name": [1]}]'
TEXTS = (
    "", "a", "12", "1.5", "-3", "1e5", "1e999", "yes", "true", "null", "2026-03-04", "2026-10-25T02:30:00+02:00",
    "[1,2,{\\\"a\\\":null}]", "{\\\"$t\\\":\\\"date\\\"}", "$r", "%s", "{0.__class__}", "ÄÖÜ ß İ",
        "👩‍👩‍👧", "x\\ny", "a,b,c",
    "#,##0.00", "dd/mm/yyyy", "https://example.org/x", "session.a", "start", "other", "a*", "[", "days",
)  # fmt: skip
NUMBERS = (
    "0", "1", "2", "3", "-1", "7", "0.5", "1.0", "100", "65", "1e10", "1e308", "100000", "9223372036854775807",
    "-9223372036854775808", "1000000000000", "0.1",
)  # fmt: skip
OPERATORS = (
    "+", "+", "-", "*", "/", "MOD", "^", "&", "=", "<>", "<", "<=", ">", ">=", "XOR", "IN", "NOT IN", "CONTAINS",
    "NOT CONTAINS", "LIKE", "NOT LIKE", "STARTS WITH", "ENDS WITH", "AND", "OR", "??", "==", "!=",
)  # fmt: skip
ASSIGNS = ("=", "=", "=", "+=", "-=", "*=", "/=")
TYPES = sorted(kind for kind in KINDS if KINDS[kind] not in NOT_BUILT)


class Maker:
    """Makes one program.

    :ivar loops: kinds of the loops around the current line, innermost last.
    :ivar procedure: "sub", "function" or "" for the top level.
    """

    def __init__(self, chooser: Random) -> None:
        self.chooser = chooser
        self.lines: list[str] = []
        self.indent = 0
        self.loops: list[str] = []
        self.procedure = ""
        self.left = chooser.randint(4, 24)
        self.labels = self.chance(30)
        self.procedures = {
            name: chooser.randrange(3) for name in PROCEDURES if self.chance(60)
        }  # -> parameters

    def pick(self, options: Sequence[str]) -> str:
        return options[self.chooser.randrange(len(options))]

    def chance(self, percent: int) -> bool:
        return self.chooser.randrange(100) < percent

    # --- a program ------------------------------------------------------------------------------------------

    def program(self) -> str:
        if self.chance(10):
            self.line(
                f"PARAM p AS {self.pick(['string', 'integer', 'array', 'date'])} DEFAULT {self.expression(2)}"
            )
        if self.chance(40):
            self.line("ON ERROR RESUME NEXT")
        for name in NAMES:
            if self.chance(60):
                self.line(
                    f"{name} = {self.pick(['3', '[1, 2]', '{}', ROWS, self.text(), self.expression(3)])}"
                )
        for name in self.procedures:
            self.definition(name)
        while self.left > 0:
            self.statement()
        if self.labels:
            for label in LABELS:
                self.line(f"{label}:" if not label.isdigit() else f"{label} TALK {self.expression(3)}")
                self.statement()
        return "\n".join(self.lines)

    def definition(self, name: str) -> None:
        kind = self.pick(["SUB", "FUNCTION"])
        self.line(f"{kind} {name}({', '.join(NAMES[: self.procedures[name]])})")
        saved, self.left, self.procedure = self.left, self.chooser.randint(1, 6), kind
        self.indent += 1
        while self.left > 0:
            self.statement()
        if self.chance(70):
            self.line(f"RETURN {self.expression(3)}")
        self.indent -= 1
        self.line(f"END {kind}")
        self.left, self.procedure = saved, ""

    def line(self, text: str) -> None:
        self.lines.append("  " * self.indent + text)

    def body(self, loop: str = "") -> None:
        self.indent += 1
        if loop:
            self.loops.append(loop)
        for _ in range(self.chooser.randint(1, 3)):
            self.statement()
        if loop:
            self.loops.pop()
        self.indent -= 1

    def statement(self) -> None:
        self.left -= 1
        simple = self.indent > 4 or self.left <= 0
        makers = SIMPLE if simple else ALL
        makers[self.chooser.randrange(len(makers))](self)

    # --- statements -----------------------------------------------------------------------------------------

    def assign(self) -> None:
        self.line(f"{self.target()} {self.pick(ASSIGNS)} {self.expression(0)}")

    def talk(self) -> None:
        self.line(f"TALK {self.expression(1)}")

    def hear(self) -> None:
        target = self.target()
        forms = (
            f"HEAR {target}",
            f"{target} = HEAR {self.text()}",
            f"HEAR {target} AS {self.pick(TYPES)}",
            f"HEAR {target} AS {self.pick(TYPES)} DEFAULT {self.expression(2)}",
            f"HEAR {target} AS MENU {self.text()}, {self.expression(2)}, *",
            f'HEAR {target} AS "Yes", "No"',
        )
        self.line(self.pick(forms))

    def evaluate(self) -> None:
        self.line(
            self.pick([self.call(2), self.method(2), phrase(self, list(KEYWORDS), 2), self.function(2)])
        )

    def wait(self) -> None:
        self.line(f"WAIT {self.pick(['0', '1', self.expression(3)])}")

    def log(self) -> None:
        self.line(f"PRINT {self.expression(2)}, {self.expression(3)}")

    def dim(self) -> None:
        forms = (
            f"DIM {self.pick(NAMES)}({self.expression(3)})",
            f"DIM {self.pick(NAMES)} AS {self.pick(('string', 'object', 'array'))}",
        )
        self.line(self.pick(forms))

    def path(self) -> None:
        where = self.pick([f'"{self.pick(PATHS)}"', f'"session." + {self.expression(3)}', self.name()])
        forms = (
            f"SET {where} = {self.expression(2)}",
            f"GET {self.pick(NAMES)}",
            f"{self.pick(NAMES)} = GET {where}",
            f"SET {where} = HEAR",
        )
        self.line(self.pick(forms))

    def call_script(self) -> None:
        target = self.pick(["", f"{self.pick(NAMES)} = "])
        script = self.pick(['"other"', '"other.bas"', '"start"', f"{self.text()} + {self.name()}"])
        self.line(f"{target}CALL {script}, {self.expression(3)}")

    def keyword_assign(self) -> None:
        self.line(f"{self.target()} = {self.keyword(2)}")

    def errors(self) -> None:
        forms = ["ON ERROR RESUME NEXT", "ON ERROR GOTO 0", "CLEAR ERROR", f"THROW {self.expression(2)}",
                 f"ASSERT {self.expression(2)}, {self.text()}", "TALK ERROR MESSAGE & ERR"]  # fmt: skip
        if self.labels:
            forms.append(f"ON ERROR GOTO {self.pick(LABELS[:2])}")
        self.line(self.pick(forms))

    def leave(self) -> None:
        forms = ["EXIT", "RETURN", f"RETURN {self.expression(2)}"] if self.chance(20) else ["TALK 1"]
        if self.loops:
            forms += ["CONTINUE", "BREAK", f"EXIT {self.pick(self.loops)}"] * 2
        if self.procedure:
            forms.append(f"EXIT {self.procedure}")
        if self.labels and not self.procedure:
            forms += [f"GOTO {self.pick(LABELS)}", f"GOSUB {self.pick(LABELS)}"]
        self.line(self.pick(forms))

    def inline_if(self) -> None:
        self.line(
            f"IF {self.expression(1)} THEN TALK {self.expression(3)} ELSE {self.pick(NAMES)} = {self.expression(3)}"
        )

    def if_(self) -> None:
        self.line(f"IF {self.expression(1)} THEN")
        self.body()
        for _ in range(self.chooser.randrange(3)):
            self.line(f"ELSE IF {self.expression(2)} THEN")
            self.body()
        if self.chance(50):
            self.line("ELSE")
            self.body()
        self.line("END IF")

    def select(self) -> None:
        self.line(f"SELECT CASE {self.expression(2)}")
        for _ in range(self.chooser.randint(1, 3)):
            tests = (self.expression(3), f"{self.expression(3)}, {self.expression(3)}",
                f"{self.expression(3)} TO {self.expression(3)}",
                     f"IS > {self.expression(3)}")  # fmt: skip
            self.line(f"CASE {self.pick(tests)}")
            self.body()
        if self.chance(50):
            self.line("CASE ELSE")
            self.body()
        self.line("END SELECT")

    def for_(self) -> None:
        step = self.pick(["", f" STEP {self.pick(NUMBERS)}", " STEP -1"])
        first, last = self.pick(["1", "0", self.expression(3)]), self.pick(["3", self.expression(3)])
        self.line(f"FOR {self.pick(NAMES)} = {first} TO {last}{step}")
        self.body("FOR")
        self.line("NEXT")

    def for_each(self) -> None:
        last = self.pick(["", f" LAST {self.expression(3)}"])
        self.line(f"FOR EACH {self.pick(NAMES)} IN {self.pick(('[1, 2, 3]', self.expression(2)))}{last}")
        self.body("FOR")
        self.line("NEXT")

    def while_(self) -> None:
        self.line(f"WHILE {self.expression(1)}")
        self.body("WHILE")
        self.line("WEND")

    def do(self) -> None:
        self.line(self.pick(["DO", f"DO WHILE {self.expression(2)}", "DO"]))
        bare = self.lines[-1].strip() == "DO"
        self.body("DO")
        self.line(f"LOOP UNTIL {self.expression(2)}" if bare else "LOOP")

    def try_(self) -> None:
        self.line("TRY")
        self.body()
        self.line(self.pick(["CATCH e", "CATCH", f"CATCH {self.pick(NAMES)}"]))
        self.body()
        self.line("END TRY")

    def with_(self) -> None:
        self.line(f"WITH {self.pick(NAMES)}")
        for name in MEMBERS[: self.chooser.randint(1, 3)]:
            self.line(f"  .{name} = {self.expression(2)}")
        self.line("END WITH")

    def raw_block(self) -> None:
        self.line("BEGIN TALK")
        self.lines.append(f"Dear ${{{self.expression(2)}}}, {self.pick(TEXTS)}")
        self.line("END TALK")

    # --- expressions ----------------------------------------------------------------------------------------

    def expression(self, depth: int) -> str:
        """``depth``: how far down we are; from 4 on there are leaves only."""
        makers = LEAVES if depth >= 4 or self.chance(35) else EXPRESSIONS
        return makers[self.chooser.randrange(len(makers))](self, depth + 1)

    def target(self) -> str:
        name = self.pick(NAMES)
        forms = (
            name,
            name,
            name,
            f"{name}.{self.pick(MEMBERS)}",
            f"{name}[{self.expression(3)}]",
            f"{name}({self.expression(3)})",
        )
        return self.pick(forms)

    def name(self, depth: int = 0) -> str:
        return self.pick(NAMES)

    def number(self, depth: int = 0) -> str:
        return self.pick(NUMBERS)

    def text(self, depth: int = 0) -> str:
        return f'"{self.pick(TEXTS)}"'

    def constant(self, depth: int = 0) -> str:
        return self.pick(
            ["TRUE", "FALSE", "NULL", "NOW()", "TODAY()", "[]", "{}", "ERR", "ERROR MESSAGE", "session_id"]
        )

    def template(self, depth: int) -> str:
        held = self.expression(depth)
        return f'"x ${{{held}}} y"' if not set(held) & set('"\\{}') else self.name()

    def binary(self, depth: int) -> str:
        text = f"{self.expression(depth)} {self.pick(OPERATORS)} {self.expression(depth)}"
        return f"({text})"

    def unary(self, depth: int) -> str:
        return f"({self.pick(['-', 'NOT ', '+'])}{self.expression(depth)})"

    def conditional(self, depth: int) -> str:
        a, b, c = (self.expression(depth) for _ in range(3))
        return self.pick(
            [f"({a} ? {b} : {c})", f"IIF({a}, {b}, {c})", f"({a} BETWEEN {b} AND {c})", f"({a} IS NULL)"]
        )

    def array(self, depth: int) -> str:
        return f"[{', '.join(self.expression(depth) for _ in range(self.chooser.randrange(4)))}]"

    def object(self, depth: int) -> str:
        entries = (
            f'"{self.pick(MEMBERS)}": {self.expression(depth)}' for _ in range(self.chooser.randrange(3))
        )
        return f"{{{', '.join(entries)}}}"

    def member(self, depth: int) -> str:
        return f"{self.pick(NAMES)}{self.pick(['.', '?.'])}{self.pick(MEMBERS)}"

    def index(self, depth: int) -> str:
        return f"{self.pick(NAMES)}{self.pick(['[{}]', '({})']).format(self.expression(depth))}"

    def method(self, depth: int) -> str:
        name = self.pick(sorted(METHODS))
        _, low, high = METHODS[name]
        return f"{self.pick(NAMES)}.{name}({self.arguments(low, high, depth)})"

    def call(self, depth: int) -> str:
        if not self.procedures:
            return self.function(depth)
        name = self.pick(list(self.procedures))
        return f"{name}({self.arguments(0, self.procedures[name], depth)})"

    def function(self, depth: int) -> str:
        found = FUNCTIONS[self.pick(FUNCTION_NAMES)]
        return f"{found.name}({self.arguments(found.low, found.high, depth)})"

    def arguments(self, low: int, high: int, depth: int) -> str:
        count = self.chooser.randint(low, min(high, low + 2))
        return ", ".join(self.expression(depth) for _ in range(count))

    def keyword(self, depth: int) -> str:
        """A keyword that answers something, in brackets."""
        return f"({phrase(self, ANSWERING, depth)})"


FUNCTION_NAMES = sorted(FUNCTIONS)
ANSWERING = [keyword for keyword in KEYWORDS if keyword.result]
SIMPLE: list[Callable[[Maker], None]] = [
    Maker.assign, Maker.assign, Maker.assign, Maker.assign, Maker.talk, Maker.talk, Maker.hear, Maker.evaluate,
    Maker.wait, Maker.log, Maker.dim, Maker.path, Maker.keyword_assign, Maker.errors, Maker.leave, Maker.inline_if,
    Maker.with_, Maker.raw_block, Maker.call_script,
]  # fmt: skip
ALL = [
    *SIMPLE, Maker.if_, Maker.if_, Maker.select, Maker.for_, Maker.for_, Maker.for_each, Maker.while_, Maker.do,
    Maker.try_,
]  # fmt: skip
LEAVES: list[Callable[[Maker, int], str]] = [Maker.name, Maker.name, Maker.number, Maker.text, Maker.constant]
EXPRESSIONS = [
    *LEAVES, Maker.binary, Maker.binary, Maker.binary, Maker.unary, Maker.conditional, Maker.array, Maker.object,
    Maker.member, Maker.index, Maker.method, Maker.call, Maker.call, Maker.function, Maker.function, Maker.function,
    Maker.template, Maker.keyword,
]  # fmt: skip


def program(chooser: Random) -> str:
    """One script."""
    return Maker(chooser).program()
