"""HEAR AS INTEGER, FLOAT, MONEY and BOOLEAN: accepted, normalised, refused."""

from __future__ import annotations

import pytest

from tests.interpreter.library_kit import hear, refused

BR = {"language": "pt-BR", "timezone": "America/Sao_Paulo"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42),
        (" +7 ", 7),
        ("-5", -5),
        ("−5", -5),
        ("1,234", 1234),
        ("1.234", 1234),
        ("1 234 567", 1234567),
        ("1'234", 1234),
        ("12,34,567", 1234567),
        ("3.0", 3),
        ("42.", 42),
        ("１２", 12),
        ("three", 3),
        ("Twenty", 20),
        ("9223372036854775807", 2**63 - 1),
    ],
)
def test_whole_numbers_as_people_write_them(text, value):
    assert hear("integer", text) == value


@pytest.mark.parametrize(
    "text",
    ["", "abc", "3.5", "3,5", "12a", "1,23", "0,123", "1,2,3", "1.234,567.8", "1e5", "nan", "0x10", "1_000",
     "9223372036854775808", "9" * 5000, "٣٫٥", "5 apples", "-", "."],
)  # fmt: skip
def test_what_is_no_whole_number(text):
    assert refused(hear("integer", text))


def test_number_words_in_portuguese():
    assert hear("integer", "três", **BR) == 3
    assert hear("integer", "vinte", **BR) == 20


@pytest.mark.parametrize(
    ("text", "english", "portuguese"),
    [
        ("3.5", 3.5, 3.5),
        ("3,5", 3.5, 3.5),
        ("3.141", 3.141, 3141),
        ("3,141", 3141, 3.141),
        ("1,234.5", 1234.5, 1234.5),
        ("1.234,5", 1234.5, 1234.5),
        (".5", 0.5, 0.5),
        ("-0,25", -0.25, -0.25),
    ],
)
def test_decimals_follow_the_bots_language_only_where_they_must(text, english, portuguese):
    assert hear("float", text) == english
    assert hear("float", text, **BR) == portuguese


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e5", "", "1.2.3", "1,2,3", "abc"])
def test_what_is_no_number(text):
    assert refused(hear("float", text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("R$ 1.234,56", 1234.56),
        ("$1,234.56", 1234.56),
        ("1,234", 1234),
        ("1.234", 1234),
        ("1.50", 1.5),
        ("1,5", 1.5),
        ("10 dollars", 10),
        ("€10", 10),
        ("50 reais", 50),
        ("US$ 3.99", 3.99),
        ("0", 0),
    ],
)
def test_amounts(text, value):
    assert hear("money", text) == value
    assert hear("money", text, **BR) == value


@pytest.mark.parametrize("text", ["-5", "- 5", "$-5", "free", "", "2 items at R$ 30", "1e400", "9" * 40])
def test_what_is_no_amount(text):
    assert refused(hear("money", text))


@pytest.mark.parametrize(
    "text", ["yes", "Y", "TRUE", "1", "sim", "Sim!", "ok", "of course", "Yes, please.", "👍", "sí"]
)
def test_yes(text):
    assert hear("boolean", text) is True


@pytest.mark.parametrize("text", ["no", "N", "false", "0", "não", "nao", "No, thanks", "nunca", "👎"])
def test_no(text):
    assert hear("boolean", text) is False


@pytest.mark.parametrize("text", ["", "maybe", "yes and no", "2", "nobody"])
def test_neither_yes_nor_no(text):
    assert refused(hear("boolean", text))
