"""The syntax tree: what the parser builds and the compiler reads.

Nodes are plain values. Every node carries the position of its first character (1-based line and column).
Names are stored twice: ``name`` is the key (NFC, case-folded, a trailing ``$`` removed), ``spelling`` what
the author wrote. Nothing here knows Python code generation or any keyword's meaning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from interpreter.keywords import Keyword


@dataclass(slots=True, eq=False)
class Node:
    line: int
    column: int


# --- expressions ---------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Literal(Node):
    value: bool | int | float | str | None


@dataclass(slots=True, eq=False)
class Template(Node):
    """A string with ``${expr}`` holes: texts and expressions in order of appearance."""

    parts: list[str | Expression]


@dataclass(slots=True, eq=False)
class Name(Node):
    name: str
    spelling: str


@dataclass(slots=True, eq=False)
class ArrayLiteral(Node):
    items: list[Expression]


@dataclass(slots=True, eq=False)
class ObjectLiteral(Node):
    """``{k: v}`` and ``#{k: v}``; ``NEW OBJECT`` is the empty one. Keys keep their spelling."""

    entries: list[tuple[str, Expression]]


@dataclass(slots=True, eq=False)
class Unary(Node):
    op: str  # "-" | "+" | "NOT"
    operand: Expression


@dataclass(slots=True, eq=False)
class Binary(Node):
    """Both operands are always evaluated.

    ``op``: ``+ - & * / MOD ^ = <> < <= > >= XOR IN "NOT IN" CONTAINS "NOT CONTAINS" LIKE "NOT LIKE"
    "STARTS WITH" "ENDS WITH"`` (spelt exactly so; ``==`` is ``=``, ``!=`` is ``<>``, ``%`` is ``MOD``).
    """

    op: str
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class Logical(Node):
    """Short-circuit, returns an operand. ``op``: ``AND``, ``OR`` or ``??``. The operands of one chain are flat."""

    op: str
    operands: list[Expression]


@dataclass(slots=True, eq=False)
class IsNull(Node):
    operand: Expression
    negated: bool


@dataclass(slots=True, eq=False)
class Between(Node):
    operand: Expression
    low: Expression
    high: Expression


@dataclass(slots=True, eq=False)
class Conditional(Node):
    """``c ? a : b``, ``IIF(c, a, b)`` and ``IF(c, a, b)``: lazy."""

    test: Expression
    yes: Expression
    no: Expression


@dataclass(slots=True, eq=False)
class Member(Node):
    """``a.b`` and ``a?.b`` (the same: a member of null is null)."""

    object: Expression
    name: str  # spelling; look-up is exact first, then case-insensitive


@dataclass(slots=True, eq=False)
class Index(Node):
    object: Expression
    index: Expression


@dataclass(slots=True, eq=False)
class Call(Node):
    """``f(x)``, ``a(i)`` and ``f x, y``: a procedure, a function or, if the name is a variable, an index.

    The compiler decides (the parser does not know the release's procedures).
    """

    name: str
    spelling: str
    arguments: list[Expression]


@dataclass(slots=True, eq=False)
class MethodCall(Node):
    """``a.push(v)``, ``s.trim()`` …"""

    object: Expression
    name: str  # case-folded
    arguments: list[Expression]


@dataclass(slots=True, eq=False)
class KeywordCall(Node):
    """A keyword of the table, as a statement or inside an expression: ``GET BOT MEMORY "k"``, ``USE KB n``.

    ``arguments`` follow ``keyword.parameters`` with ``None`` for those that the form leaves out; an operand
    that takes further ones is an ArrayLiteral.
    """

    keyword: Keyword
    arguments: list[Expression | None]


@dataclass(slots=True, eq=False)
class Get(Node):
    """``GET operand``: which of its meanings applies is decided by the operand.

    ``bare`` is true where the operand is one identifier. As a statement ``GET name`` stands as
    ``Assign(Name(name), Get(bare=True))``.
    """

    operand: Expression
    bare: bool


@dataclass(slots=True, eq=False)
class ErrorInfo(Node):
    """``ERROR`` (bool), ``ERR`` (number), ``ERROR MESSAGE`` / ``ERR.MESSAGE`` (string)."""

    what: str  # "flag" | "number" | "message"


@dataclass(slots=True, eq=False)
class Hear(Node):
    """HEAR as the whole right-hand side of an assignment or a whole statement: never inside an expression.

    ``kind`` is a canonical type name of ``interpreter.hearing`` ("text", "integer", "menu", …).
    ``options`` are the choices of a menu (expressions); ``open_menu`` allows any other text (``*``).
    ``prompt`` is said first; ``default`` answers an empty reply and exhausted retries.
    """

    kind: str
    options: list[Expression]
    open_menu: bool
    prompt: Expression | None
    default: Expression | None


Expression = (
    Literal | Template | Name | ArrayLiteral | ObjectLiteral | Unary | Binary | Logical | IsNull | Between
    | Conditional | Member | Index | Call | MethodCall | KeywordCall | Get | ErrorInfo
)  # fmt: skip
Target = Name | Member | Index


# --- statements ----------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Assign(Node):
    """``target = value``; ``op`` is "=" or the operator of ``+=`` ``-=`` ``*=`` ``/=``. ``value`` may be a Hear."""

    target: Target
    op: str
    value: Expression | Hear


@dataclass(slots=True, eq=False)
class SetPath(Node):
    """``SET "session.x" = v``, ``SET SESSION k, v``, ``SET "session." + k, v``: a path known at run time."""

    path: Expression
    value: Expression | Hear


@dataclass(slots=True, eq=False)
class Dim(Node):
    """``DIM a(5)`` (an array of 5 nulls), ``DIM x AS STRING``, ``DIM x``."""

    name: str
    spelling: str
    size: Expression | None
    type: str | None


@dataclass(slots=True, eq=False)
class Evaluate(Node):
    """An expression as a statement: a procedure, function, method or keyword called for what it does."""

    value: Expression


@dataclass(slots=True, eq=False)
class Talk(Node):
    """``TALK e``, ``SEND MESSAGE e`` and ``BEGIN TALK`` (a Template with line breaks)."""

    value: Expression


@dataclass(slots=True, eq=False)
class Wait(Node):
    seconds: Expression


@dataclass(slots=True, eq=False)
class Print(Node):
    """PRINT and LOG: for the author's log, never for the person."""

    level: str  # "debug" | "info" | "warn" | "error"
    values: list[Expression]


@dataclass(slots=True, eq=False)
class Branch(Node):
    """One arm: IF, ELSE IF or a CASE that is a plain condition."""

    test: Expression
    body: list[Statement]


@dataclass(slots=True, eq=False)
class If(Node):
    branches: list[Branch]
    otherwise: list[Statement]


@dataclass(slots=True, eq=False)
class CaseRange(Node):
    low: Expression
    high: Expression


@dataclass(slots=True, eq=False)
class CaseCompare(Node):
    """``CASE IS > 5``; ``op`` as in Binary."""

    op: str
    operand: Expression


@dataclass(slots=True, eq=False)
class Case(Node):
    tests: list[Expression | CaseRange | CaseCompare]
    body: list[Statement]


@dataclass(slots=True, eq=False)
class Select(Node):
    """SELECT CASE and SWITCH: first match wins, loose equality, no fall-through."""

    subject: Expression
    cases: list[Case]
    otherwise: list[Statement]


@dataclass(slots=True, eq=False)
class For(Node):
    name: str
    spelling: str
    start: Expression
    stop: Expression
    step: Expression | None
    body: list[Statement]


@dataclass(slots=True, eq=False)
class ForEach(Node):
    name: str
    spelling: str
    items: Expression
    last: Expression | None  # FOR EACH m IN a LAST 10
    body: list[Statement]


@dataclass(slots=True, eq=False)
class Loop(Node):
    """WHILE, DO WHILE, DO UNTIL, LOOP WHILE, LOOP UNTIL. Tests are already negated for UNTIL; both may be None.

    ``kind`` is "while" or "do": what EXIT names.
    """

    kind: str
    before: Expression | None
    after: Expression | None
    body: list[Statement]


@dataclass(slots=True, eq=False)
class Exit(Node):
    """``EXIT FOR|WHILE|DO|SUB|FUNCTION``, BREAK ("loop"), CONTINUE, and EXIT/END/STOP ("script")."""

    what: str  # "for" | "while" | "do" | "loop" | "sub" | "function" | "continue" | "script"


@dataclass(slots=True, eq=False)
class Return(Node):
    """RETURN. ``RETURN WITH a AS e`` is an ObjectLiteral."""

    value: Expression | None


@dataclass(slots=True, eq=False)
class CallScript(Node):
    """``CALL "x.bas"``: runs a sibling script in the same session; ``target`` receives its RETURN value."""

    script: Expression
    arguments: list[Expression]
    target: Target | None


@dataclass(slots=True, eq=False)
class Label(Node):
    name: str
    spelling: str


@dataclass(slots=True, eq=False)
class Goto(Node):
    label: str
    spelling: str


@dataclass(slots=True, eq=False)
class Gosub(Node):
    label: str
    spelling: str


@dataclass(slots=True, eq=False)
class OnError(Node):
    mode: str  # "next" | "off" | "goto"
    label: str | None


@dataclass(slots=True, eq=False)
class ClearError(Node):
    pass


@dataclass(slots=True, eq=False)
class Throw(Node):
    value: Expression


@dataclass(slots=True, eq=False)
class Assert(Node):
    test: Expression
    message: Expression | None


@dataclass(slots=True, eq=False)
class Try(Node):
    body: list[Statement]
    name: str | None  # CATCH e
    handler: list[Statement]


@dataclass(slots=True, eq=False)
class With(Node):
    """Builds a new object; right-hand sides see the outer variables."""

    name: str
    spelling: str
    entries: list[tuple[str, Expression]]


@dataclass(slots=True, eq=False)
class SystemPrompt(Node):
    text: Expression


Statement = (
    Assign | SetPath | Dim | Evaluate | Talk | Wait | Print | If | Select | For | ForEach | Loop | Exit | Return
    | CallScript | Label | Goto | Gosub | OnError | ClearError | Throw | Assert | Try | With | SystemPrompt | Hear
)  # fmt: skip


# --- a script ------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Parameter(Node):
    """``PARAM name AS type LIKE example DESCRIPTION "…" OPTIONAL DEFAULT e ENUM […]``."""

    name: str
    spelling: str
    type: str  # "string" | "integer" | "number" | "boolean" | "array" | "object" | "date" | …
    example: bool | int | float | str | None
    description: str
    optional: bool
    default: Expression | None
    enum: list[str]


@dataclass(slots=True, eq=False)
class Procedure(Node):
    """SUB or FUNCTION. Definitions are hoisted; names are unique in a script."""

    kind: str  # "sub" | "function"
    name: str
    spelling: str
    parameters: list[str]  # keys
    body: list[Statement]


@dataclass(slots=True, eq=False)
class Declaration(Node):
    """What a file says about itself besides PARAM and DESCRIPTION: WEBHOOK, SET SCHEDULE, TABLE, ON INSERT.

    :param arguments: written-out operands by name. Of a TABLE: ``name``, ``connection`` and ``columns``, each
        ``{name, type, size, attributes}``, and ``constraints`` as texts.
    :param body: the statements of ON INSERT … END ON.
    """

    phrase: str
    arguments: dict[str, Any]
    body: list[Statement] = field(default_factory=list)


@dataclass(slots=True)
class Script:
    """One ``.bas`` file, parsed."""

    name: str  # file stem, case-folded: "start"
    body: list[Statement]
    procedures: dict[str, Procedure] = field(default_factory=dict)
    parameters: list[Parameter] = field(default_factory=list)
    description: str = ""
    declarations: list[Declaration] = field(default_factory=list)
