"""Snapshots: what is stored comes back as it was, sharing included; what cannot be stored is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from interpreter.effects import Limits
from interpreter.errors import BudgetError, SnapshotError
from interpreter.frames import State
from interpreter.run import drop_frames, stored_variables
from interpreter.signals import Code
from interpreter.snapshot import decode, encode
from interpreter.values import Record, RowSet, Secret


def no_units(script: str, procedure: str) -> Code:
    raise AssertionError("there are no frames")


def written(limits: Limits | None = None, **variables: Any) -> bytes:
    return encode(State(stored=variables), no_units, limits or Limits())


def read(snapshot: bytes) -> dict[str, Any]:
    return dict(decode(snapshot).stored)


NUMBERS = some.integers(-(2**63), 2**63 - 1) | some.floats(allow_nan=False, allow_infinity=False)
TEXTS = some.text(some.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = some.none() | some.booleans() | NUMBERS | TEXTS
TAGGED = (
    some.dates()
    | some.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1), timezones=some.just(UTC))
    | some.timedeltas()
    | TEXTS.map(Secret)
)
KEYS = TEXTS | some.sampled_from(["$", "$t", "$r", "$$x", "v"])


def nested(leaves: some.SearchStrategy[Any]) -> some.SearchStrategy[Any]:
    return some.recursive(
        leaves,
        lambda inner: (
            some.lists(inner, max_size=4)
            | some.lists(inner, max_size=3).map(RowSet)
            | some.dictionaries(KEYS, inner, max_size=4).map(Record)
        ),
        max_leaves=20,
    )


def same(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return bool(a == b)


@given(some.dictionaries(TEXTS, nested(SCALARS | TAGGED), max_size=5))
def test_every_value_comes_back_as_it_was(variables: dict[str, Any]) -> None:
    snapshot = written(**variables)
    assert same(read(snapshot), variables)
    assert written(**read(snapshot)) == snapshot


def test_plain_values_are_written_flat() -> None:
    assert written(n=1, o=Record(a=[1, None, "x"])) == (
        b'{"v":1,"lowering":1}\n{"n":1,"o":{"a":[1,null,"x"]}}'
    )
    assert type(read(written(o=Record()))["o"]) is Record


def test_prices_stay_flat_and_marked_keys_do_not() -> None:
    assert b"heap" not in written(price="$5", rates=Record({"eur": "1 $", "a$": ["$"]}))
    deep = written(items=[Record({"rates": [Record({"$t": "a key of the script's own"})]})])
    assert b"heap" in deep
    assert read(deep)["items"][0]["rates"][0]["$t"] == "a key of the script's own"


def test_a_container_that_is_reached_twice_stays_one() -> None:
    inner = [1]
    found = read(written(a=inner, b=inner, c=Record(deep=[inner]), d=[1]))
    assert found["a"] is found["b"]
    assert found["c"]["deep"][0] is found["a"]
    assert found["d"] is not found["a"]


def test_an_empty_container_is_shared_too() -> None:
    empty: list[Any] = []
    found = read(written(a=empty, b=empty))
    found["a"].append(1)
    assert found["b"] == [1]


def test_shared_containers_inside_shared_containers() -> None:
    inner = Record(x=1)
    outer = [inner, inner]
    found = read(written(a=outer, b=outer, c=inner))
    assert found["a"] is found["b"]
    assert found["a"][0] is found["a"][1] is found["c"]


def test_a_cycle_is_refused() -> None:
    array: list[Any] = [1]
    array.append(array)
    with pytest.raises(BudgetError) as caught:
        written(a=array)
    assert caught.value.code == "E_CYCLE"
    record = Record()
    record["me"] = [record]
    with pytest.raises(BudgetError):
        written(a=record)


def test_dates_keep_their_zone_through_the_autumn_hour_that_comes_twice() -> None:
    zone = ZoneInfo("Europe/Berlin")
    twice = [datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=fold) for fold in (0, 1)]
    found = read(written(twice=twice))["twice"]
    assert [moment.astimezone(UTC).hour for moment in found] == [0, 1]
    assert found[0].tzinfo is zone
    assert read(written(d=date(2026, 1, 2), p=timedelta(days=-1, microseconds=3))) == {
        "d": date(2026, 1, 2),
        "p": timedelta(days=-1, microseconds=3),
    }


def test_a_secret_is_marked_in_the_snapshot_and_hidden_in_the_projection() -> None:
    snapshot = written(p=Secret("hidden word"))
    assert b"secret" in snapshot
    assert read(snapshot)["p"].reveal() == "hidden word"
    assert stored_variables(snapshot) == {"p": "••••"}


def test_variables_beyond_the_limit_are_refused() -> None:
    limits = Limits(variables=1000)
    written(limits, a="x" * 980)
    for too_large in ({"a": "x" * 1000}, {"a": ["y" * 600] * 2, "b": Record({"$k": "z" * 400})}):
        with pytest.raises(BudgetError) as caught:
            written(limits, **too_large)
        assert caught.value.code == "E_VARS_LIMIT"


def test_shared_values_count_once() -> None:
    big = ["x" * 600]
    written(Limits(variables=1000), a=big, b=big, c=big)


def test_nesting_beyond_the_limit_is_refused() -> None:
    def deep(levels: int) -> list[Any]:
        array: list[Any] = []
        for _ in range(levels - 1):
            array = [array]
        return array

    written(a=deep(32))
    with pytest.raises(BudgetError) as caught:
        written(a=deep(40))
    assert caught.value.code == "E_BUDGET_NESTING"
    with pytest.raises(BudgetError):
        written(a=deep(5000))
    with pytest.raises(BudgetError):
        written(a=[deep(40), date(2026, 1, 1)])


def test_a_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(BudgetError):
        written(a="\ud800")


def test_dropping_frames_keeps_the_variables() -> None:
    snapshot = written(a=1, b=[Secret("s")])
    assert drop_frames(snapshot) == snapshot
    assert drop_frames(b"") == b""
    assert stored_variables(b"") == {}


@pytest.mark.parametrize(
    "damaged",
    [
        b"x",
        b"{}",
        b"{}\n{}",
        b"[]\n{}",
        b'{"v":1,"lowering":1}\n[]',
        b'{"v":1,"lowering":1}\n{"a":',
        b'{"v":2,"lowering":1}\n{}',
        b'{"v":1,"lowering":99}\n{}',
        b'{"v":1,"lowering":1,"heap":[]}\n{"a":{"$r":0}}',
        b'{"v":1,"lowering":1,"heap":[{"$r":0}]}\n{"a":{"$r":0}}',
        b'{"v":1,"lowering":1,"heap":[]}\n{"a":{"$t":"what","v":1}}',
        b'{"v":1,"lowering":1,"heap":[]}\n{"a":{"$t":"date"}}',
        b'{"v":1,"lowering":1,"heap":[]}\n{"a":{"$t":"datetime","v":"2026-01-01T00:00:00+00:00","z":"../x"}}',
        b'{"v":1,"lowering":1,"suggestions":3}\n{}',
        b"\xff\xfe\n{}",
        b"\x00" * 100,
    ],
)
def test_a_damaged_snapshot_is_an_error_of_its_own(damaged: bytes) -> None:
    with pytest.raises(SnapshotError):
        decode(damaged, no_units)


@given(some.binary(max_size=60))
def test_random_bytes_are_refused_or_read(noise: bytes) -> None:
    with suppress(SnapshotError):
        decode(noise, no_units)
