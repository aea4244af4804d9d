"""A run for the tests of values and functions: a fixed clock, a fixed seed, a budget that only counts."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from interpreter.effects import Answer, Limits, Option, Settings
from interpreter.functions import FUNCTIONS
from interpreter.hearing import Invalid, validate

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2026, 3, 11, 15, 4, 5, tzinfo=UTC)  # a Wednesday


class Run:
    """What helpers ask of a run (``interpreter.values.Runtime``)."""

    def __init__(
        self, *, limits: Limits | None = None, settings: Settings | None = None, now: datetime = NOW
    ) -> None:
        self.limits = limits or Limits()
        self.settings = settings or Settings()
        self.now = now
        self.spent = 0
        self._random = random.Random(7)

    def spend(self, units: int, /) -> None:
        self.spent += units

    def random(self) -> float:
        return self._random.random()


def call(name: str, *arguments: Any, run: Run | None = None) -> Any:
    """A built-in function called as a script calls it, arguments counted."""
    function = FUNCTIONS[name.casefold()]
    assert function.low <= len(arguments) <= function.high, f"{name} takes {function.low} to {function.high}"
    return function.call(run or Run(), *arguments)


def hear(
    kind: str,
    text: str = "",
    *,
    language: str = "en",
    timezone: str = "UTC",
    options: tuple[str, ...] = (),
    open_menu: bool = False,
    messages: dict[str, str] | None = None,
    **answer: Any,
) -> Any:
    """The value of an answer; ``"refused: …"`` where it is invalid."""
    settings = Settings(language=language, timezone=timezone, messages=messages or {})
    choices = tuple(Option(f"o{number}", label, label) for number, label in enumerate(options, 1))
    try:
        return validate(
            kind, Answer(text, **answer), options=choices, open_menu=open_menu, settings=settings, now=NOW
        )
    except Invalid as problem:
        return f"refused: {problem.text}"


def refused(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("refused: ")
