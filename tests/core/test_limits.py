"""Limits of one process: per address, concurrent sessions, notices."""

from __future__ import annotations

import pytest

from core.limits import OncePerMinute, PerAddress, Presence, network_of


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_one_above_the_limit_waits_and_other_addresses_do_not() -> None:
    clock = Clock()
    counter = PerAddress(clock)
    assert [counter.charge("10.0.0.1", 3) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert 0 < counter.charge("10.0.0.1", 3) <= 120
    assert counter.charge("10.0.0.2", 3) == 0.0


def test_a_limit_of_zero_is_none() -> None:
    limit = PerAddress(Clock())
    assert all(limit.charge("10.0.0.1", 0) == 0 for _ in range(100))


def test_a_full_counter_is_free_again_after_the_wait_that_it_named() -> None:
    clock = Clock()
    counter = PerAddress(clock)
    for _ in range(3):
        counter.charge("10.0.0.1", 3)
    clock.now += counter.charge("10.0.0.1", 3) + 0.01
    assert counter.charge("10.0.0.1", 3) == 0.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("10.0.0.1", "10.0.0.2", False),
    ],
)
def test_ipv6_counts_by_its_64_bit_network(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def test_a_session_counts_for_a_minute_after_its_last_message() -> None:
    clock = Clock()
    presence = Presence(clock)
    presence.seen("a")
    clock.now += 59
    presence.seen("b")
    assert presence.count() == 2
    clock.now += 2
    assert presence.count() == 1


def test_an_open_socket_counts_however_long_it_is_silent() -> None:
    clock = Clock()
    presence = Presence(clock)
    presence.seen("a")
    clock.now += 3600
    assert presence.count({"a", "b"}) == 2


def test_a_notice_is_due_once_a_minute() -> None:
    clock = Clock()
    notices = OncePerMinute(clock)
    assert notices.due("a")
    notices.done("a")
    assert not notices.due("a")
    assert notices.due("b")
    clock.now += 60
    assert notices.due("a")
