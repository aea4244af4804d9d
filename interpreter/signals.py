"""What compiled code is, and what it hands to the driver when it stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from interpreter.errors import BasicError
from interpreter.frames import Waiting

Value = Any
Point = tuple[int, int, int, int]  # statement ordinal, suspension ordinal, block that goes on there, line


class EndScript(Exception):
    """EXIT, END and STOP, and a RETURN of the top level from inside a loop."""

    def __init__(self, value: Value = None) -> None:
        self.value = value


# --- what generated code hands to the driver ----------------------------------------------------------------


class Returned(msgspec.Struct):
    value: Value


class Ended(msgspec.Struct):
    """The script of this frame is over, its procedures with it."""

    value: Value


class Left(msgspec.Struct):
    """An error that nothing in the frame caught."""

    error: BasicError


class Called(msgspec.Struct):
    script: str
    procedure: str
    arguments: tuple[Value, ...]


class CalledScript(msgspec.Struct):
    script: str
    arguments: tuple[Value, ...]
    tail: bool


class Suspended(msgspec.Struct):
    waiting: Waiting
    seconds: float = 0.0
    phrase: str = ""
    arguments: tuple[Any, ...] = ()


Signal = Returned | Ended | Left | Called | CalledScript | Suspended


@dataclass(slots=True, eq=False)
class Code:
    """A compiled unit.

    :param plain: it cannot suspend and is called directly; else ``call(run, ticks, frame, code, block)``.
    :param points: for each suspension its ordinals, the block that goes on there, and its line.
    :param handlers: the CATCH block of each block inside a TRY.
    :param places: the index of each point by its ordinals.
    :param traps: where ON ERROR RESUME NEXT goes on after a failure in a block.
    """

    script: str
    procedure: str
    parameters: tuple[str, ...]
    plain: bool
    call: Any
    points: tuple[Point, ...] = ()
    handlers: Mapping[int, int] = field(default_factory=dict)
    traps: Mapping[int, int] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[tuple[int, int], int] = field(init=False)

    def __post_init__(self) -> None:
        self.places = {point[:2]: index for index, point in enumerate(self.points)}
