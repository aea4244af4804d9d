"""HEAR: every type, menus, files, what people are told, and that no answer is slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interpreter.hearing import KINDS, NOT_BUILT, add_type
from interpreter.hearing.texts import ENGLISH, TEXTS
from interpreter.hearing.validate import BUILT_IN, VALIDATORS
from interpreter.values import to_plain, to_text
from tests.interpreter.language_table import codes, parsed
from tests.interpreter.library_kit import hear, refused

BR = {"language": "pt-BR", "timezone": "America/Sao_Paulo"}


def test_every_type_has_a_validator_or_is_known_not_to_be_built():
    assert set(KINDS.values()) == set(VALIDATORS) | set(NOT_BUILT)
    assert (KINDS["PHONE"], KINDS["ANY"], KINDS["CEP"]) == ("mobile", "text", "zipcode")


@pytest.mark.parametrize("word", ["QRCODE", "QR", "LOGIN", "AUTH"])
def test_a_type_that_is_not_built_is_refused_by_the_compiler_with_another_way(word):
    ((code, line, column),) = codes(f"HEAR x AS {word}")
    (finding,) = parsed(f"HEAR x AS {word}")[1]

    assert (code, line, column) == ("unsupported-keyword", 1, 11)
    assert f"HEAR AS {word}" in finding.message
    assert finding.hint == NOT_BUILT[KINDS[word]]


# --- menus -------------------------------------------------------------------------------------------------

SIZES = ("Small", "Medium", "Large")


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("Medium", "Medium"),
        ("medium ", "Medium"),
        ("“Medium!”", "Medium"),
        ("2", "Medium"),
        ("2.", "Medium"),
        ("#2", "Medium"),
        ("option 2", "Medium"),
        ("2nd", "Medium"),
        ("second", "Medium"),
        ("the second one", "Medium"),
        ("two", "Medium"),
        ("last", "Large"),
        ("med", "Medium"),
        ("arge", "Large"),
        ("o3", "Large"),
    ],
)
def test_a_menu_is_answered_in_many_ways(text, choice):
    assert hear("menu", text, options=SIZES) == choice


@pytest.mark.parametrize(
    "text", ["", "e", "4", "0", "-1", "99999999999999999999", "xl", "small or large", "m e d"]
)
def test_an_answer_that_names_no_one_option_is_refused(text):
    assert refused(hear("menu", text, options=SIZES))


def test_menus_in_portuguese():
    options = ("Pequeno", "Médio", "Grande")
    answers = {
        "segundo": "Médio",
        "a terceira": "Grande",
        "dois": "Médio",
        "medio": "Médio",
        "opção 1": "Pequeno",
    }

    assert {text: hear("menu", text, options=options, **BR) for text in answers} == answers


def test_a_label_wins_over_a_number_and_a_whole_word_over_a_part():
    assert hear("menu", "10", options=("5", "10", "2")) == "10"
    assert hear("menu", "2", options=("5", "10", "2")) == "2"
    assert hear("menu", "car", options=("Car insurance", "Scarf")) == "Car insurance"
    assert refused(hear("menu", "car", options=("Car insurance", "Car rental")))
    assert hear("menu", "segunda", options=("Terça", "Segunda"), **BR) == "Segunda"


def test_a_tapped_option_answers_whatever_its_text_is():
    assert hear("menu", "whatever", option="o3", options=SIZES) == "Large"
    assert hear("integer", "", option="o1", options=("7", "8")) == 7


def test_an_open_menu_takes_any_other_text_as_it_is():
    assert hear("menu", "Extra large please", options=SIZES, open_menu=True) == "Extra large please"
    assert hear("menu", "3", options=SIZES, open_menu=True) == "Large"
    assert hear("menu", "a", options=SIZES, open_menu=True) == "a"
    assert refused(hear("menu", " ", options=SIZES, open_menu=True))


def test_in_a_mail_only_the_first_line_counts_and_may_mention_the_option():
    mail = "I would take the medium size, thanks\n\nOn Monday the bot wrote:\n> Small, Medium or Large?"

    assert hear("menu", mail, options=SIZES, leading_line_only=True) == "Medium"
    assert refused(hear("menu", "small or large\n", options=SIZES, leading_line_only=True))
    assert refused(hear("menu", "I would take the medium size", options=SIZES))


# --- files -------------------------------------------------------------------------------------------------

PICTURE = {"url": "https://x/p.png", "filename": "p.png", "mime": "image/png", "size": 10}
PAPER = {"url": "https://x/a.pdf", "filename": "a.pdf", "mime": "application/pdf; x=y", "size": 20}
LOST = {"url": None, "filename": "b.pdf", "mime": "application/pdf", "size": 0, "reason": "too large"}


def test_a_file_has_members_and_prints_as_its_address():
    value = hear("file", "here", attachments=(PAPER, PICTURE))

    assert to_text(value) == "https://x/a.pdf"
    assert (value["filename"], value["mime"], value["size"]) == ("a.pdf", "application/pdf", 20)
    assert [to_text(each) for each in value["all"]] == ["https://x/a.pdf", "https://x/p.png"]
    assert to_plain(value)["all"][1]["filename"] == "p.png"


def test_the_first_file_of_the_right_kind_is_taken():
    assert hear("image", attachments=(PAPER, PICTURE))["filename"] == "p.png"
    assert hear("document", attachments=(PICTURE, PAPER))["filename"] == "a.pdf"
    assert refused(hear("image", attachments=(PAPER,)))
    assert refused(hear("audio", attachments=(PICTURE,)))
    assert refused(hear("file", "https://x/p.png"))


def test_a_file_that_could_not_be_fetched_is_null_with_a_reason():
    value = hear("file", attachments=(LOST,))
    assert to_plain(value) == {
        "filename": "b.pdf", "url": None, "mime": "application/pdf", "size": 0, "reason": "too large",
        "all": [{"filename": "b.pdf", "url": None, "mime": "application/pdf", "size": 0, "reason": "too large"}],
    }  # fmt: skip
    assert to_text(value) == ""
    assert hear("document", attachments=(LOST,))["reason"] == "too large"
    assert refused(hear("image", attachments=(LOST,)))
    assert hear("image", attachments=({"url": None, "reason": "gone"},))["reason"] == "gone"


def test_a_file_that_could_be_fetched_comes_before_one_that_could_not():
    value = hear("file", attachments=(LOST, PAPER))
    assert value["filename"] == "a.pdf"
    assert [each.get("reason") for each in value["all"]] == ["too large", None]


def test_a_file_without_a_word_answers_a_hear_of_any_type():
    assert to_text(hear("text", "", attachments=(PICTURE,))) == "https://x/p.png"
    assert hear("text", " hello ", attachments=(PICTURE,)) == "hello"


# --- texts -------------------------------------------------------------------------------------------------


def test_refusals_speak_the_bots_language_and_can_be_replaced():
    assert hear("integer", "x").startswith("refused: Please enter a whole number")
    assert hear("integer", "x", **BR).startswith("refused: Por favor, informe um número inteiro")
    assert hear("integer", "x", language="fi").startswith("refused: Please")
    assert hear("integer", "x", messages={"integer": "Digits only!"}) == "refused: Digits only!"
    both = {"integer": "Digits only!", "integer-pt": "Só números!"}
    assert hear("integer", "x", messages=both) == "refused: Digits only!"
    assert hear("integer", "x", messages=both, **BR) == "refused: Só números!"
    own = {"menu": "Pick: {options}"}
    assert hear("menu", "x", options=("A{date}", "B"), messages=own) == "refused: Pick: A{date}, B"


def test_every_type_has_a_refusal_in_every_language_that_we_ship():
    assert {KINDS[word] for word in BUILT_IN} <= set(ENGLISH)
    for texts in TEXTS.values():
        assert set(texts) == set(ENGLISH)
        assert all(text.endswith(".") for text in texts.values())


# --- types of plugins --------------------------------------------------------------------------------------


def test_a_plugin_adds_a_type_and_words_its_own_refusal():
    def license_plate(answer, settings):
        if len(answer.text) != 7:
            raise ValueError(f"A plate has 7 characters ({settings.language}).")
        return {"plate": answer.text.upper()}

    add_type("Plate", license_plate)
    try:
        assert hear(KINDS["PLATE"], "abc1d23") == {"plate": "ABC1D23"}
        assert hear("plate", "x") == "refused: A plate has 7 characters (en)."
    finally:
        del KINDS["PLATE"], VALIDATORS["plate"]


@pytest.mark.parametrize("name", ["EMAIL", "two words", "", "1ST"])
def test_a_plugin_cannot_replace_a_type_or_name_it_oddly(name):
    with pytest.raises(ValueError, match="HEAR"):
        add_type(name, lambda answer, _: answer.text)


# --- never slow, never broken ------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"[\d.,:/ hamp$R-]{0,40}", fullmatch=True))
def test_any_answer_to_any_type_is_a_value_or_a_refusal(text):
    for kind in VALIDATORS:
        for locale in ({}, BR):
            hear(kind, text, options=SIZES, **locale)


@pytest.mark.parametrize("kind", sorted(VALIDATORS))
@pytest.mark.parametrize("unit", ["1", "a ", "1,", "a.", "%", "😀", "1 de a ", "\u0300", "(1"])
def test_long_answers_take_no_time(kind, unit):
    hear(kind, "warm up")
    started = time.process_time()

    for repetitions in (15, 100_000):
        hear(kind, unit * repetitions, options=SIZES)

    assert time.process_time() - started < 0.25


def test_a_word_that_no_language_knows_takes_no_time():
    hear("date", "25 floréal 2026", language="pt-BR")
    started = time.process_time()

    for text in ("25 xyzzy 2026", "the year 2026 was nice", "qwerty 12 2026 asdf", "foo bar baz 1999"):
        assert refused(hear("date", text, language="pt-BR"))

    assert time.process_time() - started < 0.5
