"""Failpoints: armed by a text, counted, and harmless when nothing is armed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from core.errors import ConfigError
from core.failpoints import VARIABLE, FailpointError, arm, failpoint


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    arm("")


def test_nothing_happens_at_a_point_that_is_not_armed() -> None:
    failpoint("commit.before")
    arm("commit.after:raise")
    failpoint("commit.before")


def test_an_armed_point_raises_at_every_hit() -> None:
    arm("commit.before:raise")
    for _ in range(2):
        with pytest.raises(FailpointError, match=r"commit\.before"):
            failpoint("commit.before")


def test_a_counted_point_raises_at_its_hit_only() -> None:
    arm("a:raise@2, b:raise")
    failpoint("a")
    with pytest.raises(FailpointError):
        failpoint("a")
    failpoint("a")


@pytest.mark.parametrize("text", ["a", "a:", "a:burn", ":kill", "a:kill@x", "a:kill@-1"])
def test_a_malformed_text_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=VARIABLE):
        arm(text)


@pytest.mark.parametrize(("action", "code"), [("kill", -signal.SIGKILL), ("exit", 70)])
def test_the_process_dies_at_once(action: str, code: int) -> None:
    program = "from core.failpoints import failpoint\ntry: failpoint('x')\nfinally: print('cleaned up')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, VARIABLE: f"x:{action}"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, b"")
