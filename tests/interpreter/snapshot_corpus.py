"""Snapshots as every version of the format wrote them, kept for ever beside the scripts that they wait in.

``python -m tests.interpreter.snapshot_corpus`` writes those of the current version; it never writes over a file.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from interpreter.lowering import LOWERING_VERSION
from interpreter.snapshot import FORMAT
from tests.interpreter.dialogue_kit import Player, play_golden, read_golden

GOLDEN = Path(__file__).parents[1] / "golden"
KEPT = GOLDEN / "snapshots"
CURRENT = KEPT / f"format-{FORMAT}-lowering-{LOWERING_VERSION}"
SCRIPTS = (
    "aliases_across_frames", "gosub", "hear_in_called_scripts", "hear_in_for_each", "hear_in_for_with_step",
    "hear_in_nested_loops", "hear_in_procedures", "hear_in_a_recursive_procedure", "menus_and_suggestions",
    "on_error_goto", "on_error_resume_next_around_hear", "operands_before_a_hear_keep_their_values",
    "params_of_a_script", "passwords_are_never_shown", "predefined_names_are_variables", "try_catch",
    "values_survive_a_suspension", "wait_and_outside_keywords",
)  # fmt: skip


def snapshots_of(path: Path) -> list[bytes]:
    """The snapshot before each event of the dialogue that a script states."""
    found: list[bytes] = []
    play_golden(read_golden(path), before_event=lambda player, number: found.append(player.snapshot))
    return found


def read(path: Path) -> list[bytes]:
    """The snapshots kept beside a script: two lines each."""
    lines = path.with_suffix(".snapshots").read_bytes().splitlines()
    return [b"\n".join(lines[first : first + 2]) for first in range(0, len(lines), 2)]


def resume_each(path: Path) -> int:
    """Hold the dialogue once for each kept snapshot, putting it in the place of the one just written."""
    kept = read(path)
    for place, snapshot in enumerate(kept):

        def swap(player: Player, number: int, place: int = place, snapshot: bytes = snapshot) -> None:
            if number == place:
                player.snapshot = snapshot

        play_golden(read_golden(path), before_event=swap)
    return len(kept)


def main() -> None:
    language = GOLDEN / "language"
    (CURRENT / "siblings").mkdir(parents=True, exist_ok=True)
    for name in SCRIPTS:
        target = CURRENT / f"{name}.bas"
        if not target.exists():
            shutil.copy(language / target.name, target)
            for sibling in set(read_golden(language / target.name).sources) - {"start"}:
                shutil.copy(language / "siblings" / f"{sibling}.bas", CURRENT / "siblings")
            target.with_suffix(".snapshots").write_bytes(b"\n".join(snapshots_of(target)) + b"\n")


if __name__ == "__main__":
    main()
