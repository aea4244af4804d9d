"""The language's value types, and what every helper that works on them shares.

null is None, boolean bool, integer int (64 bits), float float (always finite), string str, array list,
date ``datetime.date``, date and time an aware ``datetime.datetime`` in the bot's zone, duration
``datetime.timedelta``. Three more are our own: Record, RowSet and Secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from interpreter.effects import Limits, Settings
from interpreter.errors import BasicError, BudgetError

Value = Any
Array = list
Date = date
DateTime = datetime
Duration = timedelta

INTEGER_MAX = 2**63 - 1
INTEGER_MIN = -(2**63)
LIMITS = Limits()
MADE = 7  # an item that is a new value weighs so much more than one that is only referred to
LONGEST_FOLDED = 1000  # characters of a key up to which its case does not matter
SHORT = 256  # characters: a text of fewer costs nothing when it is made, see ``charge_kept``
LIST = 11  # an array by itself weighs as much as so many items


class Runtime(Protocol):
    """What a helper may ask of the run that it works for.

    :param now: the step's clock, aware, in the bot's zone.
    """

    limits: Limits
    settings: Settings

    @property
    def now(self) -> DateTime: ...

    def spend(self, units: int, /) -> None:
        """Charge the step's budget; raises BudgetError or Overrun when it is used up."""

    def random(self) -> float:
        """The next number in [0, 1) of the step's seeded sequence."""


class Record(dict[str, Value]):
    """An object. A key is looked up exactly, then without regard to case; writing finds keys the same way."""

    __slots__ = ("_folded", "_indexed")

    _folded: dict[str, str]
    _indexed: int

    def find(self, name: str) -> str | None:
        """The key as it is spelt here, or None."""
        if name in self:
            return name
        try:
            current = self._indexed == len(self)
        except AttributeError:
            current = False
        if not current:
            self._folded = {}
            for key in self:
                self._folded.setdefault(_folded(key), key)
            self._indexed = len(self)
        return self._folded.get(_folded(name))

    def store(self, name: str, value: Value) -> None:
        """Write to the key that ``name`` finds, else to a new one of that spelling."""
        if name in self:
            self[name] = value
            return
        key = self.find(name)
        if key is None:
            self._folded[_folded(name)] = name
            self._indexed += 1
            key = name
        self[key] = value


def _folded(name: str) -> str:
    return name.casefold() if len(name) <= LONGEST_FOLDED else name


class RowSet(list[Value]):
    """Rows of a table: a list whose members are those of its first row; empty, it equals null."""

    __slots__ = ()


DOTS = "••••"


class Secret:
    """A text that prints as dots: it can be compared, stored and handed on, never shown.

    :ivar shown: what it prints as; of a card, its first and last digits.
    """

    __slots__ = ("_text", "shown")

    def __init__(self, text: str, shown: str = DOTS) -> None:
        self._text = text
        self.shown = shown

    def reveal(self) -> str:
        """The text itself, for the keyword that it is handed to."""
        return self._text

    def __repr__(self) -> str:
        return self.shown

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


TYPE_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "float",
    str: "string",
    list: "array",
    RowSet: "array",
    Record: "object",
    Date: "date",
    DateTime: "date",
    Duration: "duration",
    Secret: "secret",
}


def type_name(value: Value) -> str:
    """What TYPEOF answers."""
    return TYPE_NAMES.get(value.__class__, "object")


def with_article(value: Value) -> str:
    """``an array``, ``a date``: for error messages."""
    name = type_name(value)
    if name == "null":
        return name
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def wrong_type(what: str, value: Value) -> BasicError:
    """An operation was given a value that it cannot work on."""
    return BasicError(f"{what} {with_article(value)}", code="E_TYPE")


def check_string(runtime: Runtime, size: int) -> None:
    """Charge for a string of ``size`` characters and refuse one that is too long, before it is built.

    A unit is 32 characters, so that the budget bounds what a step can keep.
    """
    if size > runtime.limits.string:
        raise string_too_long(runtime.limits.string)
    runtime.spend(1 + (size >> 5))


def string_too_long(limit: int) -> BudgetError:
    return BudgetError(f"A text would be longer than {limit:,} characters", code="E_BUDGET_STRING")


def charge_made(runtime: Runtime, text: str) -> str:
    """Charge for a text that was cut out of another, or changed and is as long as it was."""
    if len(text) >= SHORT:
        runtime.spend(1 + (len(text) >> 5))
    return text


def charge_kept(runtime: Runtime, *values: Value) -> None:
    """Charge for texts that go into an array or object: a unit is 32 bytes.

    A short text costs nothing when it is made, since a variable holds only one of them; arrays hold many.
    """
    for value in values:
        if value.__class__ is str:
            runtime.spend(value.__sizeof__() >> 5)


def check_array(runtime: Runtime, size: int, work: int | None = None) -> None:
    """Refuse an array of more items than allowed, before it is built, and charge for the items touched.

    A unit is 32 bytes, so that the budget bounds what a step can keep: 8 an item, ``MADE`` times as much where
    the items are made rather than copied.

    :param work: items touched; None: all of them.
    """
    if size > runtime.limits.array:
        raise array_too_long(runtime.limits.array)
    runtime.spend(1 + ((size if work is None else work) >> 2))


def check_record(runtime: Runtime, size: int) -> None:
    """Charge for a new object of ``size`` entries: its index of keys without regard to case included."""
    if size > runtime.limits.array:
        raise array_too_long(runtime.limits.array)
    runtime.spend(16 + 4 * size)


def array_too_long(limit: int) -> BudgetError:
    return BudgetError(f"An array would have more than {limit:,} items", code="E_BUDGET_ARRAY")


def nested_too_deep(limit: int) -> BudgetError:
    return BudgetError(f"Arrays and objects are nested more than {limit} deep", code="E_BUDGET_NESTING")


def contains_itself() -> BasicError:
    return BasicError("An array or object contains itself", code="E_CYCLE")


def new_record(entries: Iterable[tuple[str, Value]] = ()) -> Record:
    """An object with these entries; a key that differs in case only replaces the earlier one's value."""
    record = Record()
    for key, value in entries:
        record.store(key, value)
    return record
