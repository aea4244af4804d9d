"""What a function is declared to answer is what it answers: the compiler leaves checks out on the strength of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from interpreter.errors import BasicError
from interpreter.functions import FUNCTIONS
from interpreter.lowering.types import (
    BOOL,
    FLOAT,
    INT,
    LARGEST,
    NULL,
    OTHER,
    PARTS,
    RESULTS,
    SIZES,
    SMALLEST,
    STR,
)
from interpreter.runtime import Run
from interpreter.values import INTEGER_MAX, INTEGER_MIN, Record, RowSet, Secret
from tests.interpreter.dialogue_kit import World

VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2, 3, 65, 2026, 12, -5, 100, INTEGER_MAX, INTEGER_MIN, 0.5, -0.0,
    1e300, 2.0, "", "a",
    "abc", "12", "-3.5", "yes", "2026-03-04", "2026-03-04T05:06:07+01:00", "15:30", "days", "m", ",",
    "[1]", "{}", "null", "id = 1",
    "[1, {\"a\": [null, 1e999]}]", "\u0130\u00df", [], [1, 2, 3], ["b", "a"], [[1], [2]], [Record(
        name="x", n=1)], Record(),
    Record(name="x", Items=[1]), RowSet(), RowSet([Record(id=1)]), Secret("s"), date(2026, 1, 31), date(1, 1, 1),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC), timedelta(hours=5),
]  # fmt: skip
CLASSES: dict[type, int] = {type(None): NULL, bool: BOOL, int: INT, float: FLOAT, str: STR}
DECLARED = {key: RESULTS.get(function.result) for key, function in FUNCTIONS.items()}


@pytest.mark.parametrize("key", [key for key, types in DECLARED.items() if types is not None])
def test_the_declared_result_is_what_comes_back(key: str) -> None:
    function, chooser, run = FUNCTIONS[key], Random(key), Run(World().surroundings())
    answered = 0
    for _ in range(1500):
        count = chooser.randint(function.low, min(function.high, function.low + 2))
        arguments = [fresh(chooser.choice(VALUES)) for _ in range(count)]
        try:
            result = function.call(run, *arguments)
        except BasicError:
            run = Run(World().surroundings())
            continue
        answered += 1
        types = CLASSES.get(type(result), OTHER)
        allowed = DECLARED[key]
        assert allowed is not None
        assert types & allowed, (function.name, arguments, result)
        if function.name in SIZES:
            assert SMALLEST <= result <= LARGEST, (function.name, arguments, result)
        if function.name in PARTS and isinstance(arguments[0], str):
            assert isinstance(result, str)
    assert answered


def fresh(value: Any) -> Any:
    """A container of its own, for functions that change theirs."""
    return type(value)(value) if isinstance(value, list | dict) else value
