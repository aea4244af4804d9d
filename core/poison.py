"""Events that kill the process: found after a restart, and run apart from it the second time.

Each process keeps a table of the events that it is running in a memory-mapped file, so that the table
survives any death of the process. The next start on the same data folder finds the entries of every process
that is gone and records them as suspects. A suspect is run in a child process with limits
(``core.isolated``): it can take nobody along.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import itertools
import mmap
import os
import pickle
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import structlog
from msgspec.structs import replace

from core.errors import Refused
from core.events import Event
from core.host import NeedRead
from core.isolated import FRAME, READY, Job, without_release
from core.records import EventKey, Session
from core.running import Turn
from core.scene import Scene
from core.turn import take
from interpreter.keywords import KeywordTable

FILE = "in-flight"
SLOTS = 16
SLOT_SIZE = 1024  # bytes: a length, then JSON of (session id, key)
LENGTH = struct.Struct("<H")
CHILD_DEADLINE = 30.0  # s

log = structlog.get_logger("trunkline.poison")
encode = msgspec.json.Encoder().encode


class PoisonError(Exception):
    """The event killed the child process that ran it."""


class InFlight:
    """The table of this process: the first in the folder that no other process holds.

    :param folder: of the tables, which have mode 0600 and are held by a lock as long as their process lives.
    :ivar suspects: events that were running when an earlier process died.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        names = (folder / f"{FILE}{number or ''}" for number in itertools.count())
        self._file = next(file for file in map(_hold, names) if file is not None)
        self._map = _mapped(self._file)
        self._free = list(range(SLOTS))
        self.suspects: set[tuple[str, EventKey]] = set()

    def recover(self) -> list[tuple[str, EventKey]]:
        """The entries that earlier processes left; they are suspects from now on."""
        found = _taken_out(self._map)
        for path in self._folder.glob(f"{FILE}*"):
            file = _hold(path)
            if file is not None:
                with contextlib.closing(_mapped(file)) as table:
                    found += _taken_out(table)
                os.close(file)
        self.suspects.update(found)
        return found

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


def _hold(path: Path) -> int | None:
    """The open and locked file, made if it is absent; None if another process holds it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return None
    return file


def _mapped(file: int) -> mmap.mmap:
    os.ftruncate(file, SLOTS * SLOT_SIZE)
    return mmap.mmap(file, SLOTS * SLOT_SIZE)


def _taken_out(table: mmap.mmap) -> list[tuple[str, EventKey]]:
    """The entries of a table, which is empty afterwards."""
    found = []
    for slot in range(SLOTS):
        start = slot * SLOT_SIZE
        (length,) = LENGTH.unpack_from(table, start)
        if not 0 < length <= SLOT_SIZE - LENGTH.size:
            continue
        raw = table[start + LENGTH.size : start + LENGTH.size + length]
        with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError):
            found.append(msgspec.json.decode(raw, type=tuple[str, EventKey]))
        LENGTH.pack_into(table, start, 0)
    return found


class Isolation:
    """Runs one step in a process of its own."""

    def __init__(self, table: KeywordTable) -> None:
        self._table = table

    async def take(self, session: Session, event: Event, scene: Scene) -> Turn:
        """As ``core.turn.take``.

        :raises PoisonError: the child died or took too long.
        """
        scene = replace(scene, inline=False)
        job = Job(
            session=session,
            event=event,
            scene=replace(scene, release=None, table=None, bot=without_release(scene.bot)),
            parent=os.getpid(),
            sources=dict(scene.release.sources),
            table=tuple(self._table),
        )
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from core.isolated import main; main()"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # what it has to say of its death concerns nobody
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        try:
            return await self._answer(child, job, lambda: take(session, event, scene))
        finally:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    async def _answer(
        self, child: asyncio.subprocess.Process, job: Job, run_here: Callable[[], Turn]
    ) -> Turn:
        assert child.stdin is not None
        assert child.stdout is not None
        started = False
        try:
            async with asyncio.timeout(CHILD_DEADLINE):
                child.stdin.write(pickle.dumps(job))
                child.stdin.close()
                # Only once the child has come as far as the step is its death the step's.
                started = await receive(child.stdout) == READY
                kind, answer = await receive(child.stdout)
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as error:
            if not started:
                log.error("no process of its own for a suspect; it runs here")
                return run_here()
            if isinstance(error, TimeoutError):
                raise PoisonError("the step took too long in its own process") from None
            raise PoisonError("the step killed its process") from None
        return unfold(kind, answer)


async def receive(stream: asyncio.StreamReader) -> Any:
    """One frame of the child's answers."""
    (length,) = FRAME.unpack(await stream.readexactly(FRAME.size))
    return pickle.loads(await stream.readexactly(length))  # noqa: S301 - our own process wrote it


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
