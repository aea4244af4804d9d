"""The state of a run: frames, variables, what it waits for. Plain values between two steps."""

from __future__ import annotations

from typing import Any

import msgspec

from interpreter.effects import Option

Value = Any


class Frame(msgspec.Struct, eq=False):
    """A call in progress.

    :param script: the script's name.
    :param procedure: the procedure's key; "" for the top level of the script.
    :param point: index of the suspension in its code; -1 before the first statement.
    :param values: locals by name; null ones may be missing.
    :param temporaries: what the current statement and the loops around it have evaluated, by stable name.
    :param returns: points to which RETURN goes back after GOSUB, innermost last.
    :param handler: the label of ON ERROR GOTO, or "".
    """

    script: str
    procedure: str = ""
    point: int = -1
    values: dict[str, Value] = msgspec.field(default_factory=dict)
    temporaries: dict[str, Value] = msgspec.field(default_factory=dict)
    returns: list[int] = msgspec.field(default_factory=list)
    handler: str = ""


class Waiting(msgspec.Struct, eq=False):
    """What the innermost frame waits for.

    :param what: "hear", "wait" or "outside".
    :param failures: answers that were refused so far.
    :param suggestions: quick replies shown with a HEAR that is no menu: choosing one answers with its value.
    """

    what: str
    variable: str = ""
    kind: str = ""
    prompt: str = ""
    options: tuple[Option, ...] = ()
    open_menu: bool = False
    default: Value = None
    has_default: bool = False
    failures: int = 0
    timeout: float = 0.0
    suggestions: tuple[Option, ...] = ()


class ErrorState(msgspec.Struct, eq=False):
    """ERROR, ERR and ERROR MESSAGE, and whether ON ERROR RESUME NEXT is on."""

    resume_next: bool = False
    failed: bool = False
    number: int = 0
    message: str = ""


class State(msgspec.Struct, eq=False):
    """Everything that a snapshot holds.

    :param stored: every session variable, those of earlier runs included.
    :param live: names that this run has set.
    :param run: values of this run that do not persist: predefined names, loop variables in cells, PARAMs.
    :param suggestions: quick replies not yet shown.
    """

    stored: dict[str, Value] = msgspec.field(default_factory=dict)
    live: set[str] = msgspec.field(default_factory=set)
    run: dict[str, Value] = msgspec.field(default_factory=dict)
    frames: list[Frame] = msgspec.field(default_factory=list)
    waiting: Waiting | None = None
    error: ErrorState = msgspec.field(default_factory=ErrorState)
    suggestions: tuple[Option, ...] = ()
