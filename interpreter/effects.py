"""What a running script asks of its host, and what the host gives it: plain values.

A step runs from one suspension to the next. It collects *outputs* (said at once, in order) and ends in a
*suspension* (Hear, Wait, Outside) or at the end of the script. See ARCHITECTURE.md, "One idea".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from interpreter.errors import BasicError

Value = Any  # the language's own value types: see interpreter.values


# --- outputs -------------------------------------------------------------------------------------------------


class Said(msgspec.Struct, frozen=True):
    """One message to the person. ``system``: an error text rather than the script's own words."""

    text: str
    system: bool = False


class Logged(msgspec.Struct, frozen=True):
    """A PRINT or LOG line; never shown to the person."""

    level: str
    text: str
    line: int


Output = Said | Logged


class Option(msgspec.Struct, frozen=True):
    """One choice of a menu or one suggestion. ``value`` is what choosing it answers; ``id`` names it on the wire."""

    id: str
    title: str
    value: str


# --- suspensions ---------------------------------------------------------------------------------------------


class Hear(msgspec.Struct, frozen=True):
    """Wait for the person.

    :param variable: the spelling of the variable that will receive the answer, for display; may be "".
    :param kind: canonical type name: "text", "integer", "menu" …
    :param prompt: the last text said in this step, or "".
    :param secret: the answer must not reach transcript or log in clear (PASSWORD, CREDITCARD).
    :param timeout: seconds, 0 for none.
    """

    variable: str
    kind: str
    prompt: str
    options: tuple[Option, ...] = ()
    secret: bool = False
    timeout: float = 0.0


class Wait(msgspec.Struct, frozen=True):
    """Go on after so many seconds (at most 366 days)."""

    seconds: float


class Outside(msgspec.Struct, frozen=True):
    """An outside keyword: a worker runs ``keyword``'s handler with plain ``arguments`` and records the result."""

    phrase: str
    arguments: tuple[Any, ...]


Suspension = Hear | Wait | Outside


# --- what answers a suspension -------------------------------------------------------------------------------


class Answer(msgspec.Struct, frozen=True):
    """A person's reply to a HEAR.

    :param option: the ``Option.id`` that was tapped, or None for typed text.
    :param attachments: mappings with ``url, filename, mime, size`` (``url`` None with ``reason`` if it could
        not be fetched).
    :param leading_line_only: menus look at the first line only (mail).
    """

    text: str
    option: str | None = None
    attachments: tuple[Mapping[str, Any], ...] = ()
    leading_line_only: bool = False


class TimedOut(msgspec.Struct, frozen=True):
    """The HEAR's timer fired."""


class Elapsed(msgspec.Struct, frozen=True):
    """The WAIT is over."""


class Returned(msgspec.Struct, frozen=True):
    """The outside keyword's result, a plain value."""

    value: Any


class Failed(msgspec.Struct, frozen=True):
    """The outside keyword failed; becomes a BasicError at its statement, which ON ERROR can catch."""

    message: str
    number: int = 1
    code: str = "E_RUNTIME"


Event = Answer | TimedOut | Elapsed | Returned | Failed


# --- the surroundings of a step ------------------------------------------------------------------------------


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Budgets. They restart at each suspension."""

    units: int = 1_000_000
    inline_units: int = 20_000  # beyond this the step is abandoned with Overrun and re-run in a thread
    string: int = 1_048_576  # characters
    array: int = 100_000  # items
    nesting: int = 32
    call_depth: int = 100
    talks: int = 50
    variables: int = 1_048_576  # bytes of JSON


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a bot's config.csv says about its scripts."""

    timezone: str = "UTC"  # IANA name
    language: str = "en"
    hear_max_retries: int = 3
    hear_timeout: float = 0.0  # seconds; 0: none
    config: Mapping[str, str] = msgspec.field(default_factory=dict)  # GET "config", key
    parameters: Mapping[str, Value] = msgspec.field(default_factory=dict)  # param-*, already typed
    messages: Mapping[str, str] = msgspec.field(default_factory=dict)  # error texts of HEAR types, by key
    limits: Limits = msgspec.field(default_factory=Limits)


class Surroundings(msgspec.Struct, kw_only=True):
    """Everything a step may look at besides its own state. A step given the same surroundings repeats itself.

    :param now: aware UTC; the only clock of the step.
    :param seed: 32 random bytes; the only randomness of the step.
    :param context: read-only values by dotted path: ``session.id``, ``session.message_count``, ``user.name`` …
    :param predefined: names set at the start of a run (``session_id``, ``username``, ``channel`` …).
    :param call: answers a local keyword: ``call(phrase, arguments) -> plain value``. May raise BasicError, or
        any exception of the host's own (core's NeedRead), which passes through the interpreter untouched.
    :param run_inline: True: raise Overrun beyond ``limits.inline_units``.
    """

    now: datetime
    seed: bytes
    settings: Settings
    context: Mapping[str, Value]
    predefined: Mapping[str, Value]
    call: Callable[[str, tuple[Any, ...]], Any]
    run_inline: bool = False


class Overrun(Exception):
    """The step used more than ``limits.inline_units``: run it again, whole, in a worker thread."""


class Step(msgspec.Struct, kw_only=True):
    """What one step did.

    :param outputs: what was said and logged, in order.
    :param suspension: what the script now waits for; None: the run has ended (there are no frames).
    :param suggestions: quick replies to show with this step's last message (ADD SUGGESTION; not a menu's).
    :param snapshot: the new state as bytes; never larger than needed to go on.
    :param variables: the stored session variables as plain JSON values if any changed in this step, else None.
    :param error: the uncaught error that ended the run, if one did. After a BudgetError ``outputs`` is empty
        and the snapshot is the one before the step, without frames.
    :param result: the RETURN value of a run that ended.
    :param units: budget units spent.
    """

    outputs: list[Output]
    suspension: Suspension | None
    suggestions: tuple[Option, ...]
    snapshot: bytes
    variables: Mapping[str, Any] | None
    error: BasicError | None
    result: Any
    units: int


__all__: Sequence[str] = (
    "Answer",
    "Elapsed",
    "Event",
    "Failed",
    "Hear",
    "Limits",
    "Logged",
    "Option",
    "Output",
    "Outside",
    "Overrun",
    "Returned",
    "Said",
    "Settings",
    "Step",
    "Surroundings",
    "Suspension",
    "TimedOut",
    "Value",
    "Wait",
)  # fmt: skip
