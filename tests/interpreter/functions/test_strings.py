"""Functions on texts."""

from __future__ import annotations

import pytest

from interpreter.errors import BasicError, BudgetError
from tests.interpreter.library_kit import call


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("LEN", ("héllo",), 5),
        ("LEN", (12345,), 5),
        ("UCASE", ("straße",), "STRASSE"),
        ("PROPER", ("ana MARIA",), "Ana Maria"),
        ("LEFT", ("abc", 2), "ab"),
        ("LEFT", ("abc", -1), ""),
        ("RIGHT", ("abc", 2), "bc"),
        ("RIGHT", ("abc", 0), ""),
        ("MID", ("abcdef", 2, 3), "bcd"),
        ("MID", ("abcdef", 5), "ef"),
        ("MID", ("abc", 9, 2), ""),
        ("MID", ([10, 20, 30], 1, 1), [20]),
        ("INSTR", ("hello", "l"), 3),
        ("INSTR", (4, "hello", "l"), 4),
        ("INSTR", ("hello", "L"), 0),
        ("REPLACE", ("a-b-c", "-", "+"), "a+b+c"),
        ("REPLACE", ("abc", "", "x"), "abc"),
        ("SPLIT", ("a,b,,c", ","), ["a", "b", "", "c"]),
        ("SPLIT", ("abc", ""), ["a", "b", "c"]),
        ("SPLIT", (None,), []),
        ("JOIN", (["a", 1, None],), "a,1,"),
        ("JOIN", (["a", "b"], " e "), "a e b"),
        ("REPEAT", ("ab", 3), "ababab"),
        ("STRING", (3, "*"), "***"),
        ("PAD_LEFT", (7, 3, "0"), "007"),
        ("PAD_RIGHT", ("ab", 5, "xy"), "abxyx"),
        ("PAD_LEFT", ("long", 2), "long"),
        ("ASC", ("A",), 65),
        ("CHR", (8364,), "€"),
        ("CONCAT", ("a", 1, None), "a1"),
        ("CONCAT", ([1], [2], 3), [1, 2, 3]),
        ("REVERSE", ("abc",), "cba"),
    ],
)
def test_functions_on_texts(name, arguments, result):
    assert call(name, *arguments) == result


def test_the_product_of_a_small_script_never_outgrows_the_limit():
    text = "x" * 600_000
    for grow in (
        lambda: call("REPEAT", "a", 10**10),
        lambda: call("PAD_LEFT", "a", 10**12),
        lambda: call("REPLACE", text, "x", "xx"),
        lambda: call("JOIN", [text, text]),
        lambda: call("JOIN", ["a"] * 90_000, "x" * 1000),
        lambda: call("CONCAT", text, text),
        lambda: call("SPACE", 10**9),
        lambda: call("JSON", [text, text]),
    ):
        with pytest.raises(BudgetError) as problem:
            grow()
        assert problem.value.code == "E_BUDGET_STRING"


@pytest.mark.parametrize("code", [-1, 0, 0xD800, 0x110000, 10**12])
def test_characters_that_do_not_exist(code):
    with pytest.raises(BasicError):
        call("CHR", code)
