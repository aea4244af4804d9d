"""The example bots, talked to as a newcomer would: in the terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BOTS = Path(__file__).parents[2] / "examples" / "bots"


def talk(bot: str, data: Path, *lines: str) -> str:
    """What ``trunkline run`` prints when somebody types *lines*."""
    script = BOTS / bot / "start.bas"
    command = [sys.executable, "-m", "trunkline", "run", str(script), "--session", "ana", "--data", str(data)]
    typed = "".join(f"{line}\n" for line in lines)
    done = subprocess.run(command, input=typed, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def test_the_tour_remembers_a_name_and_a_note_the_next_day(tmp_path: Path) -> None:
    first = talk("default", tmp_path, "Ana", "keep a note", "buy milk", "keep a note", "buy bread", "goodbye")
    assert "Nice to meet you, **Ana**." in first
    assert "So far I kept this one: *buy milk*" in first
    second = talk("default", tmp_path, "hello again", "3", "buy tea")
    assert "Welcome back, **Ana**!" in second
    assert "So far I kept this one: *buy bread*" in second


def test_the_tours_game_ends_in_a_win_or_after_five_guesses(tmp_path: Path) -> None:
    said = talk("default", tmp_path, "Ana", "play a game", "10", "many", "10", "10", "10", "10")
    assert ("Found with guess number 1." in said) is (said.count("Higher.") + said.count("Lower.") == 0)
    assert "Found with guess" in said or "It was " in said


def test_the_help_desk_sums_up_what_it_was_told(tmp_path: Path) -> None:
    said = talk(
        "support", tmp_path, "ana silva", "billing", "1,234.50", "2026-11-01", "a broken product", "Kettle",
        "2026-11-02", "yes", "something else", "You are *great*", "that is all", "ana@", "ana@example.org",
    )  # fmt: skip
    assert "What is it about, Ana Silva?" in said
    assert "1. **Billing**: invoice over 1,234.50 of 2026-11-01" in said
    assert "2. **Repair**: Kettle, broken since 2026-11-02, a restart did not help" in said
    assert "3. **Other**: You are *great*" in said
    assert "You will have an answer at ana@example.org within a day." in said


def test_the_help_desk_lets_go_of_somebody_who_wants_nothing(tmp_path: Path) -> None:
    assert "Nothing to do, then. Have a good day, Ana." in talk("support", tmp_path, "ana", "that is all")
