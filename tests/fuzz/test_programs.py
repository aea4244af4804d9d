"""No text crashes the compiler or the run, and no bytes the reader of snapshots."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from interpreter.errors import SnapshotError
from interpreter.program import compile_release
from interpreter.run import units_of
from interpreter.snapshot import decode
from tests.fuzz.grammar import program
from tests.fuzz.hold import compare, hold
from tests.fuzz.mutate import mutated
from tests.interpreter.dialogue_kit import KEYWORDS, read_golden
from tests.interpreter.snapshot_corpus import CURRENT, read

GOLDEN = Path(__file__).parents[1] / "golden"
CORPUS = [path.read_text("utf-8") for path in sorted(GOLDEN.glob("*/*.bas"))]
BATCHES, BATCH = 20, 1000


def held(source: str, chooser: Random) -> int:
    try:
        return hold(source, chooser)
    except BaseException as error:
        error.add_note(source)
        raise


@settings(derandomize=True, max_examples=60, deadline=None)
@given(some.randoms(use_true_random=False))
def test_a_program_of_the_grammar_runs_or_is_refused(chooser: Random) -> None:
    held(program(chooser), Random(0))


@pytest.mark.parametrize("batch", range(2))
def test_many_programs_of_the_grammar(batch: int) -> None:
    steps = [held(program(Random(seed)), Random(seed)) for seed in range(batch * 150, (batch + 1) * 150)]
    assert sum(count > 0 for count in steps) > 100, "most of them compile"
    assert sum(count > 1 for count in steps) > 25, "many of them suspend"


@pytest.mark.parametrize("batch", range(2))
def test_nested_python_and_blocks_hold_the_same_dialogue(batch: int) -> None:
    seeds = range(batch * 100, (batch + 1) * 100)
    assert sum(compare(program(Random(seed)), seed) for seed in seeds) > 40


@pytest.mark.parametrize("batch", range(BATCHES))
def test_programs_with_mistakes(batch: int) -> None:
    ran = 0
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        chooser = Random(seed)
        texts = [program(chooser)] if seed % 2 else CORPUS
        ran += held(mutated(texts, chooser), chooser) > 0
    assert ran > BATCH // 20


@pytest.mark.parametrize("path", sorted(CURRENT.glob("*.bas")), ids=lambda path: path.stem)
def test_damaged_snapshots_are_refused_or_read(path: Path) -> None:
    units = units_of(compile_release(read_golden(path).sources, KEYWORDS))
    refused = 0
    for seed in range(400):
        chooser = Random(seed)
        snapshot = damaged(chooser.choice(read(path)), chooser)
        try:
            decode(snapshot, units)
        except SnapshotError:
            refused += 1
        except BaseException as error:
            error.add_note(repr(snapshot))
            raise
    assert refused


ODD: list[Any] = [
    None, True, -1, 0, 10**30, 1.5, "", "x", "../../etc/passwd", [], [[]], [0, 0], {}, {"$r": 0},
    {"$r": -1}, {"$t": "date", "v": 3},
    {"$t": "duration", "v": [10**15, 0, 0]}, {"$t": "datetime", "v": "0001-01-01T00:00:00+00:00",
        "z": "Asia/Tokyo"}, {"$t": []},
]  # fmt: skip


def damaged(snapshot: bytes, chooser: Random) -> bytes:
    """A byte changed, or one value of its JSON replaced by an odd one."""
    if chooser.random() < 0.3:
        place = chooser.randrange(len(snapshot))
        return snapshot[:place] + chooser.randbytes(chooser.randrange(3)) + snapshot[place + 1 :]
    lines: list[Any] = [orjson.loads(line) for line in snapshot.split(b"\n")]
    places: list[tuple[Any, Any]] = []
    collect(lines, places)
    container, key = chooser.choice(places[2:])
    if isinstance(container, dict) and chooser.random() < 0.3:
        del container[key]
    else:
        container[key] = chooser.choice(ODD)
    return b"\n".join(json.dumps(line).encode() for line in lines)


def collect(value: Any, places: list[tuple[Any, Any]]) -> None:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(pairs):
        places.append((value, key))
        if isinstance(item, list | dict):
            collect(item, places)
