"""The reference says what the code has: its tables are current, its examples run, nothing is left out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from core.bots import Bot
from core.scene import predefined_names
from docs.descriptions import NAMES
from docs.generate import ROOT, hook_names, page, pages, signature
from gateway.plugins import keyword_table
from gateway.rehearsal.runner import run_tests
from interpreter.functions import FUNCTIONS
from tests.gateway.kit import run
from trunkline.testing.store_values import new_session

BROKEN = sorted((ROOT / "tests" / "golden" / "authors").glob("*.bas"))
LANGUAGE = (ROOT / "docs" / "reference" / "language.md").read_text("utf-8")
HOOKS = (ROOT / "docs" / "reference" / "hooks.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```basic\n(.*?)^```", LANGUAGE, re.M | re.S)


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_the_generated_parts_are_current(path: Path) -> None:
    assert path.read_text("utf-8") == page(path), "say: make docs"


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_of_the_language_holds_the_dialogue_that_it_states(number: int, tmp_path: Path) -> None:
    script = tmp_path / "example.bas"
    script.write_text(EXAMPLES[number], "utf-8")
    said: list[str] = []
    table = keyword_table()
    assert run_tests([script], lambda _: table, coverage=False, say=said.append) == 0, "\n".join(said)


def test_every_keyword_and_function_is_in_the_reference() -> None:
    for keyword in keyword_table():
        assert f"`{keyword.phrase}" in LANGUAGE
    for name in FUNCTIONS:
        assert re.search(rf"`{re.escape(name.upper())}[(`]", LANGUAGE), name


def test_every_name_that_a_run_begins_with_is_in_the_reference() -> None:
    assert set(NAMES) == set(predefined_names(new_session(), Bot(name="b"), ""))


# --- errors -------------------------------------------------------------------------------------------------


def test_broken_scripts_are_many_and_of_every_kind_of_author() -> None:
    assert len(BROKEN) >= 40


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_everything_that_an_author_is_told_comes_with_a_way_out(path: Path, tmp_path: Path) -> None:
    script = tmp_path / path.name
    script.write_bytes(path.read_bytes())
    done = run("check", path.name, cwd=tmp_path)
    reports = re.split(rf"^(?={re.escape(path.name)}:)", done.stdout, flags=re.M)[1:]
    assert reports
    assert all("\n  hint: " in report for report in reports), done.stdout
    lines = [report.split(":")[1] for report in reports if ": error: " in report]
    twice = {line for line in lines if lines.count(line) > 1}
    assert twice <= UNCLOSED_TOO.get(path.stem, set()), "two errors about one line"


UNCLOSED_TOO = {"python-conversation": {"3"}, "python-loops": {"6"}}
"""Lines that are wrong and also open a block that is never closed."""


# --- hooks and settings -------------------------------------------------------------------------------------


def test_every_hook_is_in_the_reference_with_its_exact_signature_and_an_example() -> None:
    (example,) = re.findall(r"^```python shop.py\n(.*?)^```", HOOKS, re.M | re.S)
    defined = {node.name for node in ast.walk(ast.parse(example)) if isinstance(node, ast.FunctionDef)}
    for name in hook_names():
        assert f"```python\n{signature(name)}\n```" in HOOKS
        assert "Called once" in HOOKS.partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert name in defined


def test_every_hook_has_a_test_that_implements_it() -> None:
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests" / "gateway").glob("test_*.py"))
    for name in hook_names():
        assert f"def {name}(" in tests, f"no test implements {name}"


def test_the_example_of_the_hooks_page_works(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```python shop.py\n(.*?)^```", HOOKS, re.M | re.S)
    (tmp_path / "shop.py").write_text(example)
    (tmp_path / "plugins.yaml").write_text("plugins: {shop: {module: shop, prices: {tea: 3}}}\n")
    (tmp_path / "talk.bas").write_text('HEAR n AS EVEN WITH "How many?"\nTALK n * PRICE "tea"\n')
    done = run("run", "talk.bas", cwd=tmp_path, stdin="3\n4\n")
    assert done.stdout == "How many?\nPlease enter an even number.\n12\n", done.stderr
    assert run("shop", cwd=tmp_path).stdout == "open\n"
    listed = run("keywords", cwd=tmp_path).stdout
    assert "PRICE article (plugin)\n    The price of an article, or null.\n" in listed


def test_every_setting_is_in_plugins_yaml_with_a_comment_and_so_in_the_reference() -> None:
    from gateway.config import Operator, Server, _File

    text = (ROOT / "plugins.yaml").read_text("utf-8")
    assert text in SETTINGS
    for name in _File.__struct_fields__:
        assert re.search(rf"^{name}:", text, re.M), name
    for struct, section in ((Server, "server"), (Operator, "operator")):
        inside = re.search(rf"^{section}:\n((?:  .*\n)+)", text, re.M)
        assert inside is not None
        for field in struct.__struct_fields__:
            assert re.search(rf"^  {field}: .*# ", inside[1], re.M), f"{section}.{field}"
