"""The language, told by scripts that state their own dialogue (``tests/golden/language/*.bas``).

Each is held three times: through bytes at every HEAR, WAIT and outside call; with everything cut into blocks;
and straight on, without bytes in between. The dialogue is the same.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interpreter.dialogue_kit import FlatPlayer, Player, StraightPlayer, play_golden, read_golden

GOLDEN = sorted((Path(__file__).parent / "golden" / "language").glob("*.bas"))


@pytest.mark.parametrize("kind", [Player, FlatPlayer, StraightPlayer])
@pytest.mark.parametrize("path", GOLDEN, ids=[path.stem for path in GOLDEN])
def test_script_holds_the_dialogue_that_it_states(path: Path, kind: type[Player]) -> None:
    play_golden(read_golden(path), kind)


def test_there_are_golden_scripts() -> None:
    assert len(GOLDEN) > 30
