"""Broken scripts and what is said about them.

Each ``tests/golden/errors/*.bas`` begins with one comment per finding: ``' error: code line column`` or
``' warning: code line column``. Nothing else may be found.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interpreter.check import check
from interpreter.parser.codes import CODES, ERRORS
from tests.interpreter.language_table import KEYWORDS

FOLDER = Path(__file__).parent.parent / "golden" / "errors"
SCRIPTS = sorted(FOLDER.glob("*.bas"))
DIRECTIVE = re.compile(r"^' (error|warning): (\S+) (\d+) (\d+)$", re.MULTILINE)


def findings(path: Path) -> list[tuple[str, str, int, int]]:
    source = path.read_text(encoding="utf-8")
    found = check(path.stem, source, KEYWORDS, siblings={}, collections=["policies"])
    return [(finding.severity, finding.code, finding.line, finding.column) for finding in found]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_broken_script_gets_exactly_the_findings_that_it_states(path: Path) -> None:
    stated = DIRECTIVE.findall(path.read_text(encoding="utf-8"))
    expected = [(severity, code, int(line), int(column)) for severity, code, line, column in stated]
    assert expected, "a golden error script states its findings"
    assert sorted(findings(path)) == sorted(expected)


def test_the_broken_scripts_show_every_code_but_those_of_size_encoding_and_settings() -> None:
    shown = {code for path in SCRIPTS for _, code, _, _ in findings(path)}
    assert set(CODES) - shown == {
        "script-too-large", "too-many-errors", "encoding", "menu-as-text", "settings",
    }  # fmt: skip


def test_every_finding_reads_as_a_sentence_with_its_line_and_a_caret() -> None:
    for path in SCRIPTS:
        source = path.read_text(encoding="utf-8")
        for finding in check(path.stem, source, KEYWORDS, siblings={}, collections=[]):
            shown = finding.render(source, path.name).splitlines()
            assert f"[{finding.code}]" in shown[0]
            assert shown[2].strip() == "^"
            assert (
                finding.message[0].isupper()
                or finding.message[0] in '{}[]()#"'
                or not finding.message[0].isalpha()
                or finding.message.split()[0].islower()
            )
            assert not finding.message.endswith(".")
            assert (finding.severity == "error") == (finding.code in ERRORS)


def test_every_finding_says_what_to_do() -> None:
    for path in SCRIPTS:
        for finding in check(path.stem, path.read_text("utf-8"), KEYWORDS, siblings={}, collections=[]):
            assert finding.hint, finding
