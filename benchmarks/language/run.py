"""BASIC against hand-written Python in the same process, and snapshots against the standard library's json.

``python benchmarks/language/run.py [rounds]``: rounds are interleaved (A B A B …); figures are medians of the
ratios round by round, with the least and the greatest.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.language.programs import DIALOGUE_BODY, PAIRS, Pair
from interpreter.effects import Answer, Limits, Settings, Surroundings
from interpreter.frames import State
from interpreter.keywords import KeywordTable
from interpreter.program import Release, compile_release
from interpreter.run import begin, resume
from interpreter.signals import Code
from interpreter.snapshot import decode, encode
from interpreter.values import Record


def surroundings() -> Surroundings:
    return Surroundings(
        now=datetime.now(UTC),
        seed=b"\0" * 32,
        settings=Settings(limits=Limits(units=1_000_000_000)),
        context={},
        predefined={},
        call=lambda phrase, arguments: None,
    )


def compiled(source: str) -> Release:
    return compile_release({"start": source}, KeywordTable())


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    started = time.thread_time()
    work()
    taken = time.thread_time() - started
    gc.enable()
    return taken


def basic(pair: Pair) -> Callable[[], object]:
    release = compiled(pair.basic.format(n=pair.n))

    def work() -> object:
        step = begin(release, "start", snapshot=b"", surroundings=surroundings())
        assert step.error is None, step.error
        return step.result

    return work


def compare(name: str, ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> list[float]:
    ratios = []
    for _ in range(rounds):
        ours_taken, theirs_taken = seconds(ours), seconds(theirs)
        ratios.append(ours_taken / theirs_taken)
    return ratios


def row(name: str, ratios: list[float], limit: float) -> bool:
    median = statistics.median(ratios)
    verdict = "good" if median <= limit else "TOO SLOW"
    print(f"{name:<34} {median:6.2f} ({min(ratios):.2f}-{max(ratios):.2f})   must {limit:.1f}   {verdict}")
    return median <= limit


def session() -> dict[str, object]:
    """40 texts, 40 numbers, 10 arrays of 10, 10 objects."""
    variables: dict[str, object] = {}
    for index in range(40):
        variables[f"text{index}"] = f"some answer number {index}"
        variables[f"number{index}"] = index * 7 if index % 2 else index / 4
    for index in range(10):
        variables[f"list{index}"] = list(range(10))
        variables[f"object{index}"] = Record({"name": "Ana", "age": index, "tags": "x"})
    return variables


def snapshot_ratio(rounds: int) -> list[float]:
    variables = session()

    def no_units(script: str, procedure: str) -> Code:
        raise AssertionError

    def ours() -> None:
        for _ in range(300):
            decode(encode(State(stored=variables), no_units))

    def theirs() -> None:
        for _ in range(300):
            json.loads(json.dumps(variables))

    return compare("", ours, theirs, rounds)


def turn_microseconds(rounds: int) -> float:
    """One turn of the dialogue: resume from bytes, 34 statements, suspend to bytes."""
    source = f"visits = 0\npoints = 0\nWHILE TRUE\n turn = HEAR\n{DIALOGUE_BODY}\nWEND"
    release = compiled(source)
    world = surroundings()
    step = begin(release, "start", snapshot=b"", surroundings=world)
    figures = []
    for _ in range(rounds):
        count = 300

        def turns(count: int = count) -> None:
            snapshot = step.snapshot
            for _ in range(count):
                taken = resume(release, snapshot=snapshot, event=Answer("7"), surroundings=world)
                assert taken.error is None, taken.error
                snapshot = taken.snapshot

        figures.append(seconds(turns) / count * 1e6)
    return statistics.median(figures)


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    print("time of BASIC / time of Python, median (least-greatest) of the rounds")
    good = True
    for pair in PAIRS:
        work = basic(pair)
        if pair.name.startswith("loop"):
            assert work() == pair.python(pair.n)
        ratios = compare(pair.name, work, lambda pair=pair: pair.python(pair.n), rounds)
        good &= row(pair.name, ratios, pair.limit)
    good &= row("snapshot and restore / stdlib json", snapshot_ratio(rounds), 0.6)
    print(f"a turn from bytes to bytes: {turn_microseconds(rounds):.1f} us")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
