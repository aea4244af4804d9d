"""BASIC against hand-written Python in the same process, other languages beside it, snapshots against the standard
library's json, and what compiling costs.

``python -m benchmarks.language.run [rounds]``: rounds are interleaved (A B A B …); figures are medians of the
ratios round by round, with the least and the greatest. Exits with 1 if a ratio is beyond what it must be.
"""

from __future__ import annotations

import ast
import json
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.language.measure import Work, ratios, seconds, spread, times
from benchmarks.language.others import ENGINES, installed, nanoseconds
from benchmarks.language.programs import DIALOGUE_BODY, PROGRAMS, Program, dialogue
from core.code_cache import CodeCache
from gateway.plugins import keyword_table
from interpreter.effects import Answer, Limits, Settings, Surroundings
from interpreter.frames import State
from interpreter.keywords import KeywordTable
from interpreter.lowering.analysis import Facts
from interpreter.lowering.types import Types
from interpreter.lowering.units import lower_script
from interpreter.parser import parse
from interpreter.program import Release, compile_release
from interpreter.run import begin, resume
from interpreter.signals import Code
from interpreter.snapshot import decode, encode
from interpreter.values import Record

WORKSHOP = Path(__file__).parent / "workshop.bas"
MANY = Limits(units=1_000_000_000)


class Row(NamedTuple):
    """:param must: the ratio that it may have at most. :param aim: what it should have at most."""

    name: str
    ratios: list[float]
    must: float
    aim: float

    @property
    def good(self) -> bool:
        return statistics.median(self.ratios) <= self.must

    def show(self) -> None:
        median = statistics.median(self.ratios)
        verdict = "TOO SLOW" if not self.good else "good" if median <= self.aim else "aim missed"
        digits = 3 if self.must < 0.1 else 2
        limits = f"must {self.must:g}, aim {self.aim:g}"
        print(f"{self.name:<44}{spread(self.ratios, digits):>20}   {limits:<20}{verdict}")


def surroundings() -> Surroundings:
    return Surroundings(
        now=datetime.now(UTC),
        seed=b"\0" * 32,
        settings=Settings(limits=MANY),
        context={},
        predefined={},
        call=lambda phrase, arguments: None,
    )


def compiled(source: str) -> Release:
    return compile_release({"start": source}, KeywordTable())


def basic(program: Program) -> Work:
    release = compiled(program.basic.format(n=program.n))

    def work() -> object:
        step = begin(release, "start", snapshot=b"", surroundings=surroundings())
        assert step.error is None, step.error
        return step.result

    return work


# --- the programs, in all languages -------------------------------------------------------------------------


def languages(rounds: int) -> list[Row]:
    """Prints nanoseconds for a unit of each program's work; the rows against Python."""
    engines = [engine for engine in ENGINES if installed(engine) is not None]
    for engine in ENGINES:
        if engine not in engines:
            print(f"{engine.name} is left out: there is no {engine.command} ({engine.hint})")
    columns = ["Trunkline", "CPython", *(engine.name for engine in engines)]
    print(f"{'ns, medians of the rounds':<32}" + "".join(f"{column:>12}" for column in columns))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for program in PROGRAMS:
            ours, theirs = basic(program), times(1, lambda program=program: program.python(program.n))
            assert ours() == program.python(program.n) or program.file == "dialogue"
            figures: list[list[float]] = [[] for _ in columns]
            for _ in range(rounds):
                for column, work in zip(figures, (ours, theirs), strict=False):
                    column.append(seconds(work) / program.units(program.n) * 1e9)
                for column, engine in zip(figures[2:], engines, strict=True):
                    column.append(nanoseconds(engine, program, Path(folder)))
            shown = "".join(f"{statistics.median(column):>12,.0f}" for column in figures)
            print(f"{program.name + ', a ' + program.unit:<32}{shown}")
            against = [a / b for a, b in zip(figures[0], figures[1], strict=True)]
            rows.append(Row(f"{program.name} / Python", against, program.must, program.aim))
    return rows


# --- snapshots and turns ------------------------------------------------------------------------------------


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


def snapshots(rounds: int) -> Row:
    variables = session()

    def no_units(script: str, procedure: str) -> Code:
        raise AssertionError

    ours = times(300, lambda: decode(encode(State(stored=variables), no_units)))
    theirs = times(300, lambda: json.loads(json.dumps(variables)))
    return Row("snapshot and restore of 100 variables / json", ratios(ours, theirs, rounds), 0.6, 0.3)


def turns(rounds: int) -> None:
    """One turn of the dialogue: resume from bytes, 34 statements, suspend to bytes."""
    source = f"visits = 0\npoints = 0\nWHILE TRUE\n turn = HEAR\n{DIALOGUE_BODY}\nWEND"
    release = compiled(source)
    world = surroundings()
    first = begin(release, "start", snapshot=b"", surroundings=world)
    count = 300

    def ours() -> None:
        snapshot = first.snapshot
        for _ in range(count):
            taken = resume(release, snapshot=snapshot, event=Answer("7"), surroundings=world)
            assert taken.error is None, taken.error
            snapshot = taken.snapshot

    taken = [seconds(ours) / count * 1e6 for _ in range(rounds)]
    body = [seconds(lambda: dialogue(count)) / count * 1e6 for _ in range(rounds)]
    print(f"a turn from bytes to bytes, 34 statements: {spread(taken, 1)} us; "
          f"its statements in Python: {spread(body, 1)} us")  # fmt: skip


# --- compiling ----------------------------------------------------------------------------------------------


def compiling(rounds: int) -> list[Row]:
    """A script of 200 lines: compiled, against Python's compile() of the module that it becomes; and loaded."""
    keywords = keyword_table()
    sources = {"start": WORKSHOP.read_text("utf-8")}
    module = module_of(sources["start"], keywords)
    compile_it: Callable[[], object] = lambda: compile_release(sources, keywords)  # noqa: E731
    against = ratios(compile_it, lambda: compile(module, "start", "exec"), 3 * rounds)
    with tempfile.TemporaryDirectory() as folder:
        cache = CodeCache(Path(folder), b"k" * 32)
        cache.release(sources, keywords)
        load = times(10, lambda: cache.release(sources, keywords))
        loaded = [ratio / 10 for ratio in ratios(load, compile_it, 3 * rounds)]
        milliseconds = seconds(compile_it) * 1e3, seconds(load) * 1e2
    print(f"compiling 200 lines: {milliseconds[0]:.1f} ms; loading them: {milliseconds[1]:.2f} ms")
    return [
        Row("compiling 200 lines / compile() of the module", against, 3.0, 2.0),
        Row("loading 200 lines / compiling them", loaded, 0.02, 0.01),
    ]


def module_of(source: str, keywords: KeywordTable) -> str:
    script, _ = parse("start", source, keywords)
    script.name = "start"
    facts = Facts({"start": script})
    return ast.unparse(lower_script(facts, Types(facts), "start", []).module)


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    print(f"CPython {platform.python_version()} on {platform.machine()}, {rounds} rounds")
    rows = languages(rounds)
    turns(rounds)
    rows += [snapshots(rounds), *compiling(rounds)]
    print(f"\n{'ratio of CPU times':<44}{'median (range)':>20}")
    for row in rows:
        row.show()
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
