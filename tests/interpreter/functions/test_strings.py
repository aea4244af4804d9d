"""Functions on texts."""

from __future__ import annotations

import pytest

from interpreter.errors import BasicError, BudgetError
from interpreter.values import Record, Secret, to_text
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


# --- what is no text, nothing, out of range, or beyond ASCII -----------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("LEN", (None,), 0),
        ("LEN", ("",), 0),
        ("LEN", ([1, 2],), 2),
        ("LEN", (Record(a=1),), 1),
        ("LEN", (True,), 4),
        ("LEN", ("日本語",), 3),
        ("LEN", ("👍",), 1),
        ("UCASE", (None,), ""),
        ("UCASE", (True,), "TRUE"),
        ("UCASE", ("ção",), "ÇÃO"),
        ("LCASE", ("ÀÉÎ",), "àéî"),
        ("LCASE", (12,), "12"),
        ("TRIM", (None,), ""),
        ("TRIM", (" \t\n x \u00a0",), "x"),
        ("LTRIM", ("  x ",), "x "),
        ("RTRIM", (" x  ",), " x"),
        ("LEFT", (None, 3), ""),
        ("LEFT", ("abc", 0), ""),
        ("LEFT", ("abc", 99), "abc"),
        ("LEFT", ("abc", "2"), "ab"),
        ("LEFT", ("abc", 1.9), "a"),
        ("LEFT", (12345, 2), "12"),
        ("LEFT", ([1, 2, 3], 2), [1, 2]),
        ("LEFT", ("日本語", 1), "日"),
        ("RIGHT", (None, 3), ""),
        ("RIGHT", ("abc", 99), "abc"),
        ("RIGHT", ("abc", -5), ""),
        ("RIGHT", ([1, 2, 3], 2), [2, 3]),
        ("MID", (None, 1, 2), ""),
        ("MID", ("abc", 1), "abc"),
        ("MID", ("abc", 2, 0), ""),
        ("MID", ("abc", 2, -1), ""),
        ("MID", ("abc", "2", "1"), "b"),
        ("MID", (12345, 2, 2), "23"),
        ("MID", ([1, 2, 3], 0, 2), [1, 2]),
        ("MID", ([1, 2, 3], 5), []),
        ("SUBSTRING", ("abcdef", 1, 3), "bc"),
        ("SUBSTRING", ("abcdef", 4, 2), "cd"),
        ("SUBSTRING", ("abc", -5, 2), "ab"),
        ("SUBSTRING", (None, 0, 2), ""),
        ("INSTR", (None, "a"), 0),
        ("INSTR", ("abc", ""), 1),
        ("INSTR", ("", "a"), 0),
        ("INSTR", (1234, 34), 3),
        ("INSTR", ("日本語", "語"), 3),
        ("INSTR", (-3, "abc", "a"), 1),
        ("INSTR", (9, "abc", "a"), 0),
        ("INSTR", ("2", "banana", "a"), 2),
        ("REPLACE", (None, "a", "b"), ""),
        ("REPLACE", ("aaa", "a", None), ""),
        ("REPLACE", (1212, 1, 3), "3232"),
        ("REPLACE", ("a.b", ".", "$"), "a$b"),
        ("REPLACE", ("Aa", "a", "x"), "Ax"),
        ("SPLIT", ("",), []),
        ("SPLIT", ("abc", ","), ["abc"]),
        ("SPLIT", ("a, b", ", "), ["a", "b"]),
        ("SPLIT", (1.5, "."), ["1", "5"]),
        ("SPLIT", ("a|b", "|"), ["a", "b"]),
        ("REPEAT", ("ab", 0), ""),
        ("REPEAT", ("ab", -1), ""),
        ("REPEAT", (None, 5), ""),
        ("REPEAT", (7, 3), "777"),
        ("SPACE", (-1,), ""),
        ("PAD_LEFT", (None, 3, "0"), "000"),
        ("PAD_LEFT", ("ab", 5, ""), "ab"),
        ("PAD_LEFT", ("ab", -5), "ab"),
        ("PAD_RIGHT", ("日", 3), "日  "),
        ("ASC", ("",), 0),
        ("ASC", (None,), 0),
        ("ASC", ("👍",), 128077),
        ("CHR", ("65",), "A"),
        ("CHR", (10,), "\n"),
        ("STARTSWITH", (None, ""), True),
        ("STARTSWITH", ("abc", "B"), False),
        ("STARTSWITH", (123, 12), True),
        ("ENDSWITH", ("abc", "bc"), True),
        ("CONCAT", (), ""),
        ("CONCAT", (None, True, 1.0), "true1"),
        ("PROPER", (None,), ""),
        ("PROPER", ("o  maria",), "O  Maria"),
    ],
)
def test_texts_at_their_edges(name, arguments, result):
    assert call(name, *arguments) == result


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("LEFT", ("abc", "two")),
        ("LEFT", ("abc", [1])),
        ("MID", ("abc", 0)),
        ("MID", ("abc", -1, 2)),
        ("MID", ("abc", "x")),
        ("MID", ([1, 2], -1)),
        ("REPEAT", ("a", "b")),
        ("CHR", ("A",)),
        ("SPACE", (Record(),)),
        ("PAD_LEFT", ("a", 10**30)),
    ],
)
def test_what_texts_cannot_do(name, arguments):
    with pytest.raises(BasicError):
        call(name, *arguments)


def test_a_secret_is_dots_to_every_function_on_texts():
    secret = Secret("hunter22")

    assert call("LEN", secret) == 8
    for name, arguments in (
        ("LEFT", (4,)),
        ("MID", (1,)),
        ("REPLACE", ("h", "x")),
        ("SPLIT", ("",)),
        ("UCASE", ()),
        ("CONCAT", ("!",)),
        ("REPEAT", (2,)),
        ("PAD_LEFT", (30,)),
        ("SUBSTRING", (0,)),
    ):
        assert set(to_text(call(name, secret, *arguments))) <= set('•! [],"')
    assert call("INSTR", secret, "hunter") == 0
    assert not call("STARTSWITH", secret, "h")
