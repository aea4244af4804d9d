"""The state of a run as bytes.

Two lines of JSON: the header (frames, what the run waits for …) and the session variables, so that these can be
compared and projected without the rest. A snapshot with nothing shared, dated, secret or ``$``-keyed is *flat*:
plain values, decoded as they stand. Otherwise values are *tagged*: ``{"$t": kind, "v": …}`` for what JSON has no
value for, ``{"$r": n}`` for a container in the heap (one that is reached twice), and user keys that begin with
``$`` get another one in front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from interpreter.effects import Limits, Option
from interpreter.errors import BudgetError, SnapshotError
from interpreter.frames import ErrorState, Frame, State, Waiting
from interpreter.lowering import LOWERING_VERSION
from interpreter.signals import Code
from interpreter.values import Date, DateTime, Duration, Record, RowSet, Secret
from interpreter.values.types import DOTS

FORMAT = 1
CONTINUATION = 2  # a snapshot may have so many times the bytes that variables may have
SCALARS = frozenset((type(None), bool, int, float, str))
ORJSON = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS

Value = Any
Units = Callable[[str, str], Code]  # (script, procedure) -> its code


def encode(state: State, units: Units, limits: Limits = Limits()) -> bytes:  # noqa: B008 - frozen
    """The snapshot of a state.

    :param units: the code of a unit, for writing each frame's place as its two ordinals.
    :raises BudgetError: the variables or all of it are too large, nested too deep, or contain themselves.
    """
    values = [state.stored, state.run, *_frame_values(state.frames)]
    if state.waiting is not None and state.waiting.default is not None:
        values.append({"default": state.waiting.default})
    head, stored, size = _flat(state, units, values, limits) or _tagged(state, units, values, limits)
    if size > limits.variables:
        raise BudgetError(f"The variables need more than {limits.variables:,} bytes", code="E_VARS_LIMIT")
    if len(head) + len(stored) > CONTINUATION * limits.variables + 65_536:
        raise BudgetError("The state of the conversation is too large", code="E_VARS_LIMIT")
    return head + b"\n" + stored


def _flat(
    state: State, units: Units, values: list[dict[str, Value]], limits: Limits
) -> tuple[bytes, bytes, int] | None:
    """Header, variables, and what counts as their size; None if they cannot be written as they stand."""
    if not is_flat(values, limits.nesting):
        return None
    head, stored = _dump(_header(state, units, _as_is)), _dump(state.stored)
    if (b"$" in stored or b"$" in head) and has_marked_keys(values):
        return None
    return head, stored, len(stored)


def _tagged(
    state: State, units: Units, values: list[dict[str, Value]], limits: Limits
) -> tuple[bytes, bytes, int]:
    tagger = Tagger(values, limits.nesting)
    header = _header(state, units, tagger.tagged)
    stored = _dump(tagger.tagged(state.stored))
    header["heap"] = tagger.heap
    size = len(stored) + (len(_dump(tagger.heap)) if tagger.heap else 0)
    return _dump(header), stored, size


def _frame_values(frames: list[Frame]) -> Iterable[dict[str, Value]]:
    for frame in frames:
        yield frame.values
        yield frame.temporaries


def _as_is(value: Value) -> Value:
    return value


def _dump(value: Value) -> bytes:
    try:
        return orjson.dumps(value, option=ORJSON)
    except (orjson.JSONEncodeError, RecursionError) as error:  # a lone surrogate, nesting beyond 254
        raise BudgetError(f"A variable cannot be stored: {error}", code="E_VARS_LIMIT") from None


def _header(state: State, units: Units, writer: Callable[[Value], Value]) -> dict[str, Any]:
    header: dict[str, Any] = {"v": FORMAT, "lowering": LOWERING_VERSION}
    if state.frames:
        header["frames"] = [_frame(frame, units, writer) for frame in state.frames]
        header["live"] = sorted(state.live)
        if state.run:
            header["run"] = writer(state.run)
    if state.waiting is not None:
        header["waiting"] = _waiting(state.waiting, writer)
    error = state.error
    if state.frames and (error.resume_next or error.failed):
        header["error"] = [error.resume_next, error.failed, error.number, error.message]
    if state.suggestions:
        header["suggestions"] = _options(state.suggestions)
    return header


def _frame(frame: Frame, units: Units, writer: Callable[[Value], Value]) -> dict[str, Any]:
    points = units(frame.script, frame.procedure).points
    written: dict[str, Any] = {
        "kind": "basic",
        "script": frame.script,
        "procedure": frame.procedure,
        "point": points[frame.point][:2],
    }
    kept = {name: value for name, value in frame.values.items() if value is not None}
    if kept:
        written["values"] = writer(kept)
    if frame.temporaries:
        written["temporaries"] = writer(frame.temporaries)
    if frame.returns:
        written["returns"] = [points[index][:2] for index in frame.returns]
    if frame.handler:
        written["handler"] = frame.handler
    return written


def _waiting(waiting: Waiting, writer: Callable[[Value], Value]) -> dict[str, Any]:
    if waiting.what != "hear":
        return {"what": waiting.what}
    written: dict[str, Any] = {
        "what": "hear",
        "variable": waiting.variable,
        "kind": waiting.kind,
        "prompt": waiting.prompt,
    }
    if waiting.options:
        written["options"] = _options(waiting.options)
    if waiting.suggestions:
        written["suggestions"] = _options(waiting.suggestions)
    if waiting.open_menu:
        written["open"] = True
    if waiting.has_default:
        written["default"] = writer({"default": waiting.default})
    if waiting.failures:
        written["failures"] = waiting.failures
    if waiting.timeout:
        written["timeout"] = waiting.timeout
    return written


def _options(options: tuple[Option, ...]) -> list[list[str]]:
    return [[option.id, option.title, option.value] for option in options]


# --- flat or tagged -----------------------------------------------------------------------------------------


def is_flat(roots: list[dict[str, Value]], nesting: int) -> bool:
    """Whether the values are plain JSON as they stand, keys aside: no container twice, nothing that needs a tag.

    Every item of every variable comes by here at every suspension: so no call and no loop for each of them.
    """
    seen: set[int] = set()
    objects: list[dict[str, Value]] = roots
    arrays: list[list[Value]] = []
    for _ in range(nesting + 2):
        below = [item for held in objects if held for item in held.values() if type(item) not in SCALARS]
        if arrays and not SCALARS.issuperset(map(type, chain.from_iterable(arrays))):
            below += [item for array in arrays for item in array if type(item) not in SCALARS]
        if not below:
            return True
        places = set(map(id, below))
        objects = [item for item in below if type(item) is Record]
        arrays = [item for item in below if type(item) is list]
        if len(objects) + len(arrays) < len(below) or len(places) < len(below):
            return False
        if not seen.isdisjoint(places):
            return False
        seen |= places
    raise too_deep(nesting)


def has_marked_keys(values: Iterable[Value]) -> bool:
    """Whether a key in these flat values begins with ``$``."""
    return any(
        (
            isinstance(value, dict)
            and (any(key[:1] == "$" for key in value) or has_marked_keys(value.values()))
        )
        or (isinstance(value, list) and has_marked_keys(value))
        for value in values
    )


def too_deep(nesting: int) -> BudgetError:
    return BudgetError(f"Arrays and objects are nested more than {nesting} deep", code="E_BUDGET_NESTING")


class Tagger:
    """Writes values with tags; what is reached twice goes into the heap once."""

    def __init__(self, roots: list[dict[str, Value]], nesting: int) -> None:
        self.nesting = nesting
        self.heap: list[Value] = []
        self._shared = _reached_twice(roots)
        self._places: dict[int, int] = {}
        self._open: set[int] = set()

    def tagged(self, value: Value, depth: int = 0) -> Value:
        kind = value.__class__
        if kind in SCALARS:
            return value
        if kind is list or kind is RowSet or isinstance(value, dict):
            return self._container(value, depth)
        return tag(value)

    def _container(self, value: Value, depth: int) -> Value:
        identity = id(value)
        if identity not in self._shared:
            return self._written(value, depth)
        if identity not in self._places:
            if identity in self._open:
                raise BudgetError("An array or object contains itself", code="E_CYCLE")
            self._open.add(identity)
            written = self._written(value, depth)
            self._places[identity] = len(self.heap)
            self.heap.append(written)
        return {"$r": self._places[identity]}

    def _written(self, value: Value, depth: int) -> Value:
        if depth > self.nesting + 1:
            raise too_deep(self.nesting)
        if isinstance(value, dict):
            return {
                ("$" + key if key[:1] == "$" else key): self.tagged(item, depth + 1)
                for key, item in value.items()
            }
        items = [self.tagged(item, depth + 1) for item in value]
        return {"$t": "rows", "v": items} if value.__class__ is RowSet else items


def _reached_twice(roots: list[dict[str, Value]]) -> set[int]:
    seen: set[int] = set()
    twice: set[int] = set()
    stack: list[Value] = list(roots)
    while stack:
        container = stack.pop()
        for item in container.values() if isinstance(container, dict) else container:
            if not isinstance(item, list | dict):
                continue
            if id(item) in seen:
                twice.add(id(item))
            else:
                seen.add(id(item))
                stack.append(item)
    return twice


def tag(value: Value) -> dict[str, Value]:
    kind = value.__class__
    if kind is DateTime:
        zone = getattr(value.tzinfo, "key", None)
        written = {"$t": "datetime", "v": value.astimezone(UTC).isoformat()}
        return {**written, "z": zone} if zone else {**written, "v": value.isoformat()}
    if kind is Date:
        return {"$t": "date", "v": value.isoformat()}
    if kind is Duration:
        return {"$t": "duration", "v": [value.days, value.seconds, value.microseconds]}
    if kind is Secret:
        hidden = {"$t": "secret", "v": value.reveal()}
        return hidden if value.shown == DOTS else {**hidden, "shown": value.shown}
    raise BudgetError(f"A {kind.__name__} cannot be stored", code="E_VARS_LIMIT")


# --- decoding -----------------------------------------------------------------------------------------------


def decode(snapshot: bytes, units: Units | None = None) -> State:
    """The state of a snapshot; b"" is the state of a session in which nothing has run.

    :param units: as for ``encode``; None: leave the frames out.
    :raises SnapshotError: corrupt, of a newer version, or a frame's place is not in its program.
    """
    if not snapshot:
        return State()
    header, stored, written = _split(snapshot)
    try:
        if "heap" in header:
            reader: Callable[[Value], Value] = Untagger(header["heap"]).value
            state = State(stored=reader(stored))
        else:
            reader = plain
            state = State(stored=plain_variables(stored, written))
        state.suggestions = _read_options(header.get("suggestions", []))
        if "frames" not in header or units is None:
            return state
        state.live = set(header["live"])
        state.run = reader(header.get("run", {}))
        state.frames = [_read_frame(frame, units, reader) for frame in header["frames"]]
        if "waiting" in header:
            state.waiting = _read_waiting(header["waiting"], reader)
        if "error" in header:
            state.error = ErrorState(*header["error"])
        return state
    except SnapshotError:
        raise
    except (
        KeyError,
        IndexError,
        TypeError,
        ValueError,
        AttributeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise SnapshotError(f"the snapshot is damaged: {error!r}") from error


def _split(snapshot: bytes) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """The header, the variables, and these as they are written."""
    head, separator, tail = snapshot.partition(b"\n")
    if not separator:
        raise SnapshotError("the snapshot is damaged: it has one line")
    try:
        header, stored = orjson.loads(head), orjson.loads(tail)
    except orjson.JSONDecodeError as error:
        raise SnapshotError(f"the snapshot is damaged: {error}") from error
    if not isinstance(header, dict) or not isinstance(stored, dict):
        raise SnapshotError("the snapshot is damaged: it holds no objects")
    if header.get("v") != FORMAT or not isinstance(header.get("lowering"), int):
        raise SnapshotError(f"the snapshot has format {header.get('v')!r}; this version reads {FORMAT}")
    if header["lowering"] > LOWERING_VERSION:
        raise SnapshotError("the snapshot was written by a newer version")
    return header, stored, tail


def plain_variables(variables: dict[str, Value], written: bytes) -> Record:
    """As ``plain``, for an object whose JSON is at hand: braces tell whether objects lie deeper than its values."""
    objects = [name for name, item in variables.items() if type(item) is dict]
    if len(objects) + 1 < written.count(b"{"):
        return plain(variables)  # type: ignore[no-any-return]
    for name in objects:
        variables[name] = Record(variables[name])
    return Record(variables)


def plain(value: Value) -> Value:
    """Decoded JSON as the language's values: objects become Records."""
    if value.__class__ is dict:
        for key, item in value.items():
            if type(item) not in SCALARS:
                value[key] = plain(item)
        return Record(value)
    if value.__class__ is list:
        for index, item in enumerate(value):
            if type(item) not in SCALARS:
                value[index] = plain(item)
    return value


class Untagger:
    """Reads tagged values; each heap entry becomes one container."""

    def __init__(self, heap: list[Value]) -> None:
        self._heap = heap
        self._made: dict[int, Value] = {}

    def value(self, written: Value) -> Value:
        if written.__class__ is list:
            return [self.value(item) for item in written]
        if written.__class__ is not dict:
            return written
        if "$r" in written:
            place = written["$r"]
            if place not in self._made:
                self._made[place] = self.value(self._heap[place])
            return self._made[place]
        if "$t" in written:
            return self._tagged(written)
        return Record((key[1:] if key[:1] == "$" else key, self.value(item)) for key, item in written.items())

    def _tagged(self, written: Mapping[str, Value]) -> Value:
        kind, value = written["$t"], written["v"]
        if kind == "rows":
            return RowSet(self.value(item) for item in value)
        if kind == "datetime":
            moment = DateTime.fromisoformat(value)
            return moment.astimezone(ZoneInfo(written["z"])) if "z" in written else moment
        if kind == "date":
            return Date.fromisoformat(value)
        if kind == "duration":
            return Duration(*value)
        if kind == "secret":
            return Secret(value, written.get("shown", DOTS))
        raise SnapshotError(f"the snapshot holds a value of an unknown kind: {kind!r}")


def _read_frame(written: dict[str, Any], units: Units, reader: Callable[[Value], Value]) -> Frame:
    if written["kind"] != "basic":
        raise SnapshotError(f"the snapshot holds a frame of an unknown kind: {written['kind']!r}")
    script, procedure = written["script"], written["procedure"]
    places = units(script, procedure).places
    try:
        point = places[tuple(written["point"])]
        returns = [places[tuple(place)] for place in written.get("returns", [])]
    except KeyError as error:
        raise SnapshotError(f"{script}.bas has no suspension at {error}") from error
    return Frame(
        script,
        procedure,
        point,
        dict(reader(written.get("values", {}))),
        dict(reader(written.get("temporaries", {}))),
        returns,
        written.get("handler", ""),
    )


def _read_waiting(written: dict[str, Any], reader: Callable[[Value], Value]) -> Waiting:
    return Waiting(
        written["what"],
        variable=written.get("variable", ""),
        kind=written.get("kind", ""),
        prompt=written.get("prompt", ""),
        options=_read_options(written.get("options", [])),
        open_menu=written.get("open", False),
        default=reader(written["default"])["default"] if "default" in written else None,
        has_default="default" in written,
        failures=written.get("failures", 0),
        timeout=written.get("timeout", 0.0),
        suggestions=_read_options(written.get("suggestions", [])),
    )


def _read_options(written: list[list[str]]) -> tuple[Option, ...]:
    return tuple(Option(*parts) for parts in written)
