"""The child process in which a suspect event runs: limited in memory and time, silent, gone with its parent.

It reads one pickled ``Job`` from standard input and answers with frames: a length, then a pickle. Both ends
are our own processes; nothing of this is stored.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import struct
import sys
from typing import Any, BinaryIO

import msgspec
from msgspec.structs import replace

from core.errors import Refused
from core.events import Event
from core.host import NeedRead
from core.records import Session
from core.running import Turn
from core.turn import take
from interpreter.errors import BasicError
from interpreter.keywords import KeywordTable
from interpreter.program import compile_release

MEMORY = 1_073_741_824  # bytes
CPU = 20  # s
FRAME = struct.Struct(">I")
READY = "ready"
PR_SET_PDEATHSIG = 1


class Job(msgspec.Struct):
    """What the child needs."""

    session: Session
    event: Event
    scene: Any
    parent: int
    sources: dict[str, str]
    table: tuple[Any, ...]


def without_release(bot: Any) -> Any:
    """The bot without its compiled release, which cannot leave the process."""
    return type(bot)(
        name=bot.name,
        settings=bot.settings,
        collections=bot.collections,
        prompt=bot.prompt,
        theme=bot.theme,
    )


def main() -> None:
    """Read the job from standard input; write ``READY`` when the step begins, then what it decided."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not come between the frames
    run(pickle.load(sys.stdin.buffer), answers)  # noqa: S301 - our own process wrote it


def run(job: Job, answers: BinaryIO) -> None:
    """Compile, run the step, send back what it decided. The child does not outlive its parent."""
    die_with(job.parent)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    table = KeywordTable(job.table)
    try:
        release = compile_release(job.sources, table, service_paths=True)  # what it once compiled with
        scene = replace(job.scene, release=release, table=table)
        send(answers, READY)
        answer: tuple[str, Any] = ("turn", plain(take(job.session, job.event, scene)))
    except NeedRead as need:
        answer = ("read", need.keys)
    except Refused as error:
        answer = ("refused", (error.status, error.code, error.message, error.field, error.retry_after))
    except Exception as error:
        answer = ("error", f"{type(error).__name__}: {error}")
    send(answers, answer)


def send(answers: BinaryIO, value: Any) -> None:
    raw = pickle.dumps(value)
    answers.write(FRAME.pack(len(raw)) + raw)
    answers.flush()


def die_with(parent: int) -> None:
    """On Linux: be killed when the parent dies. Source: prctl(2), PR_SET_PDEATHSIG."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before that
        os._exit(1)


def plain(turn: Turn) -> Turn:
    """A script's error as it can travel between processes."""
    if turn.error is None:
        return turn
    error = turn.error
    return replace(
        turn,
        error=BasicError(
            error.message, error.number, error.code, error.hint, list(error.trace), error.column
        ),
    )
