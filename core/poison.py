"""Events that kill the process: found after a restart, and run apart from it the second time.

Each process keeps a table of the events that it is running in a memory-mapped file, so that the table
survives any death of the process. The next start on the same data folder finds the entries and records them
as suspects. A suspect is run in a child process with memory and CPU limits: it can take nobody along.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import mmap
import multiprocessing
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
import structlog
from msgspec.structs import replace

from core.errors import Refused
from core.events import Event
from core.host import NeedRead
from core.records import EventKey, Session
from core.running import Turn
from core.scene import Scene
from core.turn import take
from interpreter.errors import BasicError
from interpreter.keywords import KeywordTable
from interpreter.program import compile_release

SLOTS = 16
SLOT_SIZE = 1024  # bytes: a length, then JSON of (session id, key)
LENGTH = struct.Struct("<H")

CHILD_MEMORY = 1_073_741_824  # bytes
CHILD_CPU = 20  # s
CHILD_DEADLINE = 30.0  # s

PR_SET_PDEATHSIG = 1
READY = "ready"

log = structlog.get_logger("trunkline.poison")
encode = msgspec.json.Encoder().encode


class PoisonError(Exception):
    """The event killed the child process that ran it."""


class InFlight:
    """The table of this process.

    :param path: its file; made with mode 0600.
    :ivar suspects: events that were running when an earlier process died.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.ftruncate(self._file, SLOTS * SLOT_SIZE)
        self._map = mmap.mmap(self._file, SLOTS * SLOT_SIZE)
        self._free = list(range(SLOTS))
        self.suspects: set[tuple[str, EventKey]] = set()

    def recover(self) -> list[tuple[str, EventKey]]:
        """The entries that an earlier process left; they are suspects from now on."""
        found = []
        for slot in range(SLOTS):
            start = slot * SLOT_SIZE
            (length,) = LENGTH.unpack_from(self._map, start)
            if not 0 < length <= SLOT_SIZE - LENGTH.size:
                continue
            raw = self._map[start + LENGTH.size : start + LENGTH.size + length]
            with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError):
                found.append(msgspec.json.decode(raw, type=tuple[str, EventKey]))
            LENGTH.pack_into(self._map, start, 0)
        self.suspects.update(found)
        return found

    @contextlib.contextmanager
    def entered(self, session_id: str, key: EventKey) -> Iterator[None]:
        """Note that the event is being run; the note goes when the block is left in any way but death."""
        slot = self.enter(session_id, key)
        try:
            yield
        finally:
            self.leave(slot)

    def enter(self, session_id: str, key: EventKey) -> int:
        """Take a slot; -1 if the entry does not fit or all are taken (then nothing is noted)."""
        raw = encode((session_id, key))
        length = len(raw)
        if length > SLOT_SIZE - LENGTH.size or not self._free:
            return -1
        slot = self._free.pop()
        start = slot * SLOT_SIZE
        self._map[start + LENGTH.size : start + LENGTH.size + length] = raw
        LENGTH.pack_into(self._map, start, length)
        return slot

    def leave(self, slot: int) -> None:
        if slot >= 0:
            LENGTH.pack_into(self._map, slot * SLOT_SIZE, 0)
            self._free.append(slot)

    def close(self) -> None:
        self._map.close()
        os.close(self._file)


class Isolation:
    """Runs one step in a process of its own."""

    def __init__(self, table: KeywordTable) -> None:
        self._table = table

    async def take(self, session: Session, event: Event, scene: Scene) -> Turn:
        """As ``core.turn.take``.

        :raises PoisonError: the child died or took too long.
        """
        return await asyncio.to_thread(self._run, session, event, replace(scene, inline=False))

    def _run(self, session: Session, event: Event, scene: Scene) -> Turn:
        bare = replace(scene, release=None, table=None, bot=without_release(scene.bot))
        job = Job(
            session=session,
            event=event,
            scene=bare,
            parent=os.getpid(),
            sources=dict(scene.release.sources),
            table=tuple(self._table),
        )
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=run_job, args=(job, theirs), daemon=True)
        child.start()
        theirs.close()
        try:
            if not started(ours):
                log.error("no process of its own for a suspect; it runs here")
                return take(session, event, scene)
            if not ours.poll(CHILD_DEADLINE):
                raise PoisonError("the step took too long in its own process")
            kind, answer = ours.recv()
        except EOFError:
            raise PoisonError("the step killed its process") from None
        finally:
            child.kill()
            child.join()
            ours.close()
        return unfold(kind, answer)


def started(answers: Connection) -> bool:
    """Whether the child has come as far as the step itself: only then is its death the step's."""
    try:
        return answers.poll(CHILD_DEADLINE) and answers.recv() == READY
    except EOFError:
        return False


def unfold(kind: str, answer: Any) -> Turn:
    """What the child decided or raised."""
    if kind == "read":
        raise NeedRead(answer)
    if kind == "refused":
        status, code, message, field, retry_after = answer
        raise Refused(status, code, message, field=field, retry_after=retry_after)
    if kind == "error":
        raise PoisonError(answer)
    assert isinstance(answer, Turn)
    return answer


class Job(msgspec.Struct):
    """What the child needs; sent through a pipe between our own processes, never stored."""

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


def run_job(job: Job, answers: Connection) -> None:
    """The child: compile, run the step, send back what it decided. It does not outlive its parent."""
    die_with(job.parent)
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_CPU, CHILD_CPU))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    table = KeywordTable(job.table)
    with contextlib.suppress(OSError):  # nobody listens any more
        try:
            scene = replace(job.scene, release=compile_release(job.sources, table), table=table)
            answers.send(READY)
            answer: tuple[str, Any] = ("turn", plain(take(job.session, job.event, scene)))
        except NeedRead as need:
            answer = ("read", need.keys)
        except Refused as error:
            answer = ("refused", (error.status, error.code, error.message, error.field, error.retry_after))
        except Exception as error:
            answer = ("error", f"{type(error).__name__}: {error}")
        answers.send(answer)
    answers.close()


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
        turn, error=BasicError(error.message, error.number, error.code, error.hint, list(error.trace))
    )
