"""Fuzzing guided by coverage: ``python -m tests.fuzz.guided TARGET CORPUS [libFuzzer options]`` (``make fuzz``).

A target stops at the first unexpected exception and keeps the input that raised it as ``crash-…``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["interpreter"]):
    from interpreter.errors import SnapshotError
    from interpreter.lexer import Lexer
    from interpreter.program import compile_release
    from interpreter.run import units_of
    from interpreter.snapshot import decode

from tests.fuzz.grammar import program as made_up
from tests.fuzz.hold import compare, hold
from tests.interpreter.dialogue_kit import KEYWORDS, read_golden
from tests.interpreter.snapshot_corpus import CURRENT, GOLDEN, read

WAITING = CURRENT / "values_survive_a_suspension.bas"
UNITS = units_of(compile_release(read_golden(WAITING).sources, KEYWORDS))
SEEDS = 50  # inputs to begin with where there are no files


class Drawn(Random):
    """Choices taken from the input, so that the fuzzer steers them."""

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self.source = atheris.FuzzedDataProvider(data)

    def getrandbits(self, bits: int, /) -> int:
        drawn: int = self.source.ConsumeIntInRange(0, (1 << bits) - 1)
        return drawn

    def random(self) -> float:
        return self.getrandbits(53) / 2**53


def lexer(data: bytes) -> None:
    Lexer(data.decode("utf-8", "surrogateescape")).run()


def program(data: bytes) -> None:
    hold(data.decode("utf-8", "surrogateescape"), Random(len(data)))


def grammar(data: bytes) -> None:
    compare(made_up(Drawn(data)), len(data))


def snapshot(data: bytes) -> None:
    with suppress(SnapshotError):
        decode(data, UNITS)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "lexer": lexer,
    "program": program,
    "grammar": grammar,
    "snapshot": snapshot,
}


def seed(target: str, folder: Path) -> None:
    """What to begin with: the golden scripts, the kept snapshots, or bytes to choose by."""
    folder.mkdir(parents=True, exist_ok=True)
    if target == "grammar":
        for number in range(SEEDS):
            (folder / f"seed-{number}").write_bytes(Random(number).randbytes(2000))
        return
    if target == "snapshot":
        for place, kept in enumerate(read(WAITING)):
            (folder / f"kept-{place}").write_bytes(kept)
        return
    for path in GOLDEN.glob("*/*.bas"):
        (folder / f"{path.parent.name}-{path.stem}").write_bytes(path.read_bytes())


def main() -> None:
    target, folder = sys.argv[1], Path(sys.argv[2])
    seed(target, folder)
    atheris.Setup([sys.argv[0], str(folder), *sys.argv[3:]], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
