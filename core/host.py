"""What the handlers of local keywords may do: read the step's read set, and note what the step writes.

A key that has not been read yet raises NeedRead; the driver loads it and runs the step again with the same
event, time and seed. Nothing here does I/O.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from core.bots import Bot
from core.records import MemoryCell, MemoryKey, MemoryWrite, Session
from interpreter.errors import BasicError, BudgetError, unavailable
from interpreter.keywords import KeywordTable

KEY_LENGTH = 512  # characters
VALUE_SIZE = 262_144  # bytes of JSON
KEYS_PER_STEP = 500  # memory keys that one step may touch
KEYS_PER_USER = 1000
CONTEXT_SIZE = 262_144  # bytes of JSON

encode = msgspec.json.encode
decode = msgspec.json.decode


class NeedRead(Exception):
    """The step asked for memory that it has not read. Passes through the interpreter untouched."""

    def __init__(self, keys: Sequence[MemoryKey]) -> None:
        super().__init__(keys)
        self.keys = keys


class Context:
    """A session's knowledge bases, tools, contexts and prompts; decoded when first touched."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._areas: dict[str, Any] | None = None
        self._changed = False

    def _area(self, area: str, kind: type) -> Any:
        if self._areas is None:
            self._areas = decode(self._raw or b"{}")
        return self._areas.setdefault(area, kind())

    def names(self, area: str) -> list[str]:
        return list(self._area(area, list))

    def add(self, area: str, name: str) -> None:
        names = self._area(area, list)
        if name not in names:
            names.append(name)
            self._changed = True

    def remove(self, area: str, name: str) -> bool:
        names = self._area(area, list)
        if name not in names:
            return False
        names.remove(name)
        self._changed = True
        return True

    def put(self, area: str, key: str, value: Any) -> None:
        self._area(area, dict)[key] = value
        self._changed = True

    def clear(self, area: str) -> None:
        self._area(area, list).clear()
        self._changed = True

    def raw(self) -> bytes:
        """The bytes to store. :raises BudgetError: they are too many."""
        if not self._changed:
            return self._raw
        raw = encode(self._areas)
        if len(raw) > CONTEXT_SIZE:
            raise BudgetError(
                f"the session's context is larger than {CONTEXT_SIZE} bytes", 9001, "E_BUDGET_CONTEXT"
            )
        return raw


class Host:
    """One attempt of one step. Built anew for each attempt.

    :param cells: the read set.
    """

    def __init__(
        self,
        *,
        bot: Bot,
        session: Session,
        scripts: Mapping[str, Any],
        table: KeywordTable,
        cells: Mapping[MemoryKey, MemoryCell],
        now: datetime,
    ) -> None:
        self.bot = bot
        self.session = session
        self.now = now
        self.context = Context(session.context)
        self.profile: Mapping[str, str] = session.profile
        self._scripts = scripts
        self._table = table
        self._cells = cells
        self._read: dict[MemoryKey, int] = {}
        self._written: dict[MemoryKey, str | None] = {}

    def call(self, phrase: str, arguments: tuple[Any, ...]) -> Any:
        """Answer a local keyword; what the interpreter calls."""
        keyword = self._table.find(phrase)
        if keyword is None or keyword.handler is None:
            raise unavailable(phrase)
        try:
            return keyword.handler(self, *arguments)
        except SystemExit as end:
            raise RuntimeError(f"{phrase} tried to end the program") from end

    def has_script(self, name: str) -> bool:
        return name in self._scripts

    # --- memory ---

    @staticmethod
    def key(value: Any) -> str:
        """A memory key as text. :raises BasicError: ``E_KEY``, empty or too long."""
        text = value if isinstance(value, str) else "" if value is None else str(value)
        if not 0 < len(text) <= KEY_LENGTH:
            raise BasicError(f"a key must have 1 to {KEY_LENGTH} characters, not {len(text)}", 4002, "E_KEY")
        return text

    @property
    def user_scope(self) -> str:
        """USER MEMORY of a known person, or of this session while it is anonymous."""
        return f"user:{self.session.user_id}" if self.session.user_id else f"session:{self.session.id}"

    def recall_of_user(self, area: str, key: str) -> Any:
        return self.recall(self.user_scope, f"{area}/{key}")

    def recall(self, scope: str, key: str) -> Any:
        """The value under *key*, or None. :raises NeedRead: it is not in the read set."""
        cell = MemoryKey(self.bot.name, scope, key)
        if cell in self._written:
            text = self._written[cell]
        else:
            found = self._cells.get(cell)
            if found is None:
                self._count(cell)
                raise NeedRead((cell,))
            self._read[cell] = found.version
            text = found.value
        return None if text is None else decode(text)

    def remember(self, scope: str, key: str, value: Any) -> None:
        """Store *value* under *key*; None removes it."""
        text = None if value is None else encode(value).decode()
        if text is not None and len(text) > VALUE_SIZE:
            raise BasicError(
                f"a remembered value may have {VALUE_SIZE} bytes, not {len(text)}", 9003, "E_MEMORY_LIMIT"
            )
        cell = MemoryKey(self.bot.name, scope, key)
        self._count(cell)
        self._written[cell] = text

    def _count(self, cell: MemoryKey) -> None:
        if len(self._written) + len(self._cells) >= KEYS_PER_STEP and cell not in self._written:
            raise BudgetError(f"more than {KEYS_PER_STEP} memory keys in one step", 9004, "E_BUDGET_MEMORY")

    # USER MEMORY can be listed and cleared, so each person's scope keeps an index of its keys. Keys in it are
    # ``memory/<key>``, ``fact/<key>`` and ``index/memory``, ``index/fact``.

    def user_keys(self, area: str) -> list[str]:
        return list(self.recall_of_user("index", area) or ())

    def remember_of_user(self, area: str, key: str, value: Any) -> None:
        keys = self.user_keys(area)
        if value is None and key in keys:
            keys.remove(key)
        elif value is not None and key not in keys:
            if len(keys) >= KEYS_PER_USER:
                raise BasicError(f"a person may have {KEYS_PER_USER} remembered keys", 9005, "E_MEMORY_LIMIT")
            keys.append(key)
        self.remember(self.user_scope, f"index/{area}", keys)
        self.remember(self.user_scope, f"{area}/{key}", value)

    def forget_user(self, area: str) -> None:
        for key in self.user_keys(area):
            self.remember(self.user_scope, f"{area}/{key}", None)
        self.remember(self.user_scope, f"index/{area}", None)

    def set_profile(self, **fields: Any) -> None:
        known = {key: str(value)[:KEY_LENGTH] for key, value in fields.items() if value is not None}
        self.profile = {**self.profile, **known}

    # --- what the step writes ---

    def writes(self) -> tuple[MemoryWrite, ...]:
        if not self._written:
            return ()
        return tuple(MemoryWrite(cell, value, self._read.get(cell)) for cell, value in self._written.items())
