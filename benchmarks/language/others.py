"""The programs of the comparison in other languages, each run as a process of its own.

Two sizes are run and their difference is taken, so that starting does not count. What is not installed is left
out, with a line saying so: ``apt-get install lua5.4 yabasic``, ``pip install pcbasic``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.language.programs import Program

HERE = Path(__file__).parent / "others"


@dataclass(frozen=True)
class Engine:
    """:param command: what runs a file, whose path and ``options`` follow.
    :param slow: it is given the small sizes.
    """

    name: str
    suffix: str
    command: str
    hint: str
    options: tuple[str, ...] = ()
    slow: bool = False


ENGINES = (
    Engine("Lua 5.4", "lua", "lua5.4", "apt-get install lua5.4"),
    Engine("yabasic", "yab", "yabasic", "apt-get install yabasic"),
    Engine(
        "PC-BASIC", "bas", "pcbasic", "pip install pcbasic", ("--interface=none", "--quit=True"), slow=True
    ),
)


def installed(engine: Engine) -> str | None:
    """The program's path; None if there is none, on the search path or in this environment."""
    folders = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return shutil.which(engine.command, path=folders)


def cpu_seconds(command: Sequence[str]) -> float:
    """What a process and its children spend, in user and kernel mode."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def nanoseconds(engine: Engine, program: Program, folder: Path) -> float:
    """For one unit of a program's work: the difference of a small and a large run."""
    large = program.near if engine.slow else program.far
    small = large // 10 if program.units(large) == large else large - 4
    seconds = [_run(engine, program, size, folder) for size in (large, small)]
    return (seconds[0] - seconds[1]) / (program.units(large) - program.units(small)) * 1e9


def _run(engine: Engine, program: Program, size: int, folder: Path) -> float:
    source = (HERE / f"{program.file}.{engine.suffix}").read_text("utf-8").replace("@N", str(size))
    path = folder / f"{program.file}-{size}.{engine.suffix}"
    path.write_text(source, "utf-8")
    command = installed(engine)
    assert command is not None
    return cpu_seconds([command, str(path), *engine.options])
