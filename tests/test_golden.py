"""The language, told by scripts that state their own dialogue (``tests/golden/language/*.bas``).

Every step goes through bytes: the conversation is taken up from the snapshot at every HEAR, WAIT and
outside call.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interpreter.dialogue_kit import play_golden, read_golden

GOLDEN = sorted((Path(__file__).parent / "golden" / "language").glob("*.bas"))


@pytest.mark.parametrize("path", GOLDEN, ids=[path.stem for path in GOLDEN])
def test_script_holds_the_dialogue_that_it_states(path: Path) -> None:
    play_golden(read_golden(path))


def test_there_are_golden_scripts() -> None:
    assert len(GOLDEN) > 30
