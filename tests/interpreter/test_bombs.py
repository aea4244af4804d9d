"""A script that wants too much ends in an error of the language, soon, and within 50 MB."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.interpreter.bombs import BOMBS

UNITS = 1_000_000
# Seen between two frames, or where the variables are written down after the last line.
WITHOUT_A_LINE = ("script that calls itself", "nests beyond the limit that stay")
SLOWEST = 8.0  # s of CPU: a whole budget on a slow machine


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.interpreter.bombs"], capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["name"]: line for line in lines}


@pytest.mark.parametrize("name", BOMBS)
def test_it_ends_in_its_error(name: str, outcomes: dict[str, Any]) -> None:
    found = outcomes[name]
    assert found["code"] in BOMBS[name][1], found
    assert found["units"] <= UNITS + 200_000, found
    assert found["seconds"] < SLOWEST, found
    if found["code"].startswith("E_BUDGET") and name not in WITHOUT_A_LINE:
        assert found["line"] > 0, found
