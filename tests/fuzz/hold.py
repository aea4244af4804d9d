"""Holding a conversation with any text at all: what must be true whatever the script says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random

from interpreter.effects import (
    Answer,
    Elapsed,
    Event,
    Failed,
    Hear,
    Limits,
    Returned,
    Settings,
    Step,
    Suspension,
    TimedOut,
    Wait,
)
from interpreter.errors import BudgetError, ReleaseError
from interpreter.program import Release, compile_release
from interpreter.run import begin, resume, units_of
from interpreter.snapshot import decode, encode
from tests.interpreter.dialogue_kit import KEYWORDS, World

TURNS = 12
LIMITS = Limits(units=2_000, string=20_000, array=2_000, variables=30_000, talks=20, call_depth=30)
OTHER = "PARAM n AS integer\nHEAR answer\nRETURN [n, answer]"
ANSWERS = (
    "",
    " ",
    "1",
    "yes",
    "12.50",
    "x" * 300,
    "2026-03-04",
    "a@example.org",
    "\u0661",
    "no\nreally",
    "*",
    "#ff0000",
)
RESULTS = (None, True, 3, 2**70, float("nan"), "text", [1, [2, {"$r": 0}]], {"rows": [], "$t": "x"})


def compiled(source: str, *, flat: bool = False) -> Release | None:
    """The release; None if the text is no program, for reasons that can be shown."""
    try:
        return compile_release({"start": source, "other": OTHER}, KEYWORDS, flat=flat)
    except ReleaseError as refused:
        for error in refused.errors:
            assert error.diagnostics
            for finding in error.diagnostics:
                assert finding.line >= 1
                assert finding.column >= 1
                assert finding.render(source, "start.bas")
        return None


def hold(source: str, chooser: Random) -> int:
    """Compile ``source`` and talk to it, from bytes at every turn.

    :returns: how many steps it took; 0 if it does not compile.
    """
    release = compiled(source)
    if release is None:
        return 0
    world = World(settings=Settings(limits=LIMITS))
    step = begin(release, "start", snapshot=b"", surroundings=world.surroundings(), parameters={"p": "7"})
    for turn in range(TURNS):
        check(step, release)
        if step.suspension is None:
            return turn + 1
        event = event_for(step.suspension, chooser)
        step = resume(release, snapshot=step.snapshot, event=event, surroundings=world.surroundings())
    return TURNS


def compare(source: str, seed: int) -> bool:
    """Hold the same dialogue as nested Python and in blocks; False: there was nothing to compare."""
    nested, flat = (dialogue(source, seed, flat=flat) for flat in (False, True))
    if nested is None or flat is None:
        return False
    assert nested == flat, source
    return True


def dialogue(source: str, seed: int, *, flat: bool) -> list[object] | None:
    """What is said and waited for; None where a budget, which depends on the lowering, ended it."""
    release = compiled(source, flat=flat)
    if release is None:
        return None
    world, chooser = World(settings=Settings(limits=Limits(units=20_000))), Random(seed)
    step = begin(release, "start", snapshot=b"", surroundings=world.surroundings())
    told: list[object] = []
    variables = step.variables
    for _ in range(TURNS):
        if isinstance(step.error, BudgetError):
            return None
        error = step.error and (step.error.code, step.error.message, step.error.trace)
        told += [step.outputs, step.suspension, step.suggestions, error, step.result, variables]
        if step.suspension is None:
            break
        event = event_for(step.suspension, chooser)
        step = resume(release, snapshot=step.snapshot, event=event, surroundings=world.surroundings())
        variables = step.variables if step.variables is not None else variables
    return told


def check(step: Step, release: Release) -> None:
    """What is true of every step."""
    units = units_of(release)
    if step.snapshot:
        assert encode(decode(step.snapshot, units), units) == step.snapshot, "a snapshot encodes to itself"
    assert_plain(step.variables)
    assert_plain(step.result)
    assert step.units <= LIMITS.units + 15_000, "the budget is kept"
    if step.error is not None:
        assert step.suspension is None
        assert step.error.code.startswith("E_")
        assert isinstance(str(step.error), str)
    if isinstance(step.suspension, Wait):
        assert 0 <= step.suspension.seconds <= 366 * 86_400


def assert_plain(value: object) -> None:
    if value is not None:
        json.dumps(value, allow_nan=False)
    assert value is None or isinstance(value, bool | int | float | str | list | Mapping)


def event_for(suspension: Suspension, chooser: Random) -> Event:
    if isinstance(suspension, Wait):
        return Elapsed()
    if isinstance(suspension, Hear):
        return chooser.choice((
            Answer(chooser.choice(ANSWERS)),
            Answer(chooser.choice(ANSWERS)),
            Answer("", option="1"),
            Answer("", attachments=({"url": "u", "filename": "f.png", "mime": "image/png", "size": 3},)),
            TimedOut(),
        ))  # fmt: skip
    return chooser.choice((Returned(chooser.choice(RESULTS)), Failed("the service is away", number=1500)))
