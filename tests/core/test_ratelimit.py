"""The sliding-window counter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.ratelimit import charge

START = 1_700_000_000.0


def count_accepted(moments: list[float], limit: int) -> list[float]:
    start, count, previous = 0.0, 0, 0
    accepted = []
    for moment in moments:
        rate = charge(start, count, previous, limit=limit, now=moment)
        start, count, previous = rate.start, rate.count, rate.previous
        if rate.allowed:
            accepted.append(moment)
    return accepted


def test_a_burst_is_cut_exactly_at_the_limit() -> None:
    assert len(count_accepted([START + n / 100 for n in range(100)], 60)) == 60


def test_whoever_writes_a_little_slower_than_the_limit_is_never_refused() -> None:
    assert len(count_accepted([START + n * 1.05 for n in range(600)], 60)) == 600


def test_the_minute_before_slides_out_evenly() -> None:
    burst = [START] * 60
    assert len(count_accepted([*burst, START + 60], 60)) == 60
    assert len(count_accepted([*burst, *[START + 90] * 60], 60)) == 90
    assert len(count_accepted([*burst, *[START + 120] * 61], 60)) == 120


def test_a_clock_that_jumps_back_locks_nobody_out() -> None:
    assert len(count_accepted([*[START] * 60, START - 3600], 60)) == 61


@given(
    gaps=st.lists(st.floats(0, 90), min_size=1, max_size=120),
    limit=st.integers(1, 60),
)
def test_no_minute_takes_twice_the_limit_and_the_wait_is_honest(gaps: list[float], limit: int) -> None:
    start, count, previous, now = 0.0, 0, 0, START
    accepted: list[float] = []
    for gap in gaps:
        now += gap
        rate = charge(start, count, previous, limit=limit, now=now)
        if rate.allowed:
            accepted.append(now)
        else:
            assert rate.retry_after > 0
            later = now + rate.retry_after + 1e-3
            assert charge(rate.start, rate.count, rate.previous, limit=limit, now=later).allowed
        start, count, previous = rate.start, rate.count, rate.previous
    for moment in accepted:
        assert sum(moment - 60 < other <= moment for other in accepted) < 2 * limit + 1
