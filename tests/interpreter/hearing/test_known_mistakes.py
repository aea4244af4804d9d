"""Mistakes that the dialect's first implementation made with answers, so that nobody makes them again."""

from __future__ import annotations

import pytest

from interpreter.values import Secret
from tests.interpreter.library_kit import hear, refused

BR = {"language": "pt-BR"}


@pytest.mark.parametrize("text", ["3.5", "3,5", "-0.5"])
def test_a_fraction_does_not_become_a_larger_whole_number(text):
    assert refused(hear("integer", text))
    assert refused(hear("integer", text, **BR))


@pytest.mark.parametrize("text", ["1,234", "1.234", "$1,234", "R$ 1.234"])
def test_a_thousand_does_not_become_one_and_a_bit(text):
    assert hear("money", text) == 1234.0
    assert hear("money", text, **BR) == 1234.0


def test_a_decimal_keeps_its_precision():
    assert hear("float", "3.14159") == 3.14159


@pytest.mark.parametrize("text", ["94103-1234", "94103 1234", "941031234"])
def test_zip_plus_four_keeps_its_last_digit(text):
    assert hear("zipcode", text) == "94103-1234"


def test_a_password_reaches_the_script_as_it_was_typed():
    password = hear("password", " Pass word 1 ")

    assert isinstance(password, Secret)
    assert password.reveal() == " Pass word 1 "


@pytest.mark.parametrize(
    ("text", "value"), [("john DOE", "John Doe"), ("ÉLODIE", "Élodie"), ("d'arcy", "D'Arcy")]
)
def test_every_word_of_a_name_begins_with_a_capital_and_goes_on_small(text, value):
    assert hear("name", text) == value


def test_the_length_of_a_name_is_counted_in_characters():
    assert hear("name", "李" * 100) == "李" * 100


@pytest.mark.parametrize("text", ["http://example.com:8080/x", "example.com:8080/x", "192.168.0.1:8080/x"])
def test_a_web_address_may_have_a_port(text):
    assert ":8080/x" in hear("url", text)


def test_a_telephone_number_keeps_its_country():
    assert hear("mobile", "+44 20 7946 0958", **BR) == "+442079460958"
    assert hear("mobile", "+55 11 99999-8888") == "+5511999998888"


def test_a_month_may_come_first_in_words():
    assert hear("date", "May 5, 2026") == "2026-05-05"


def test_two_letters_alone_are_no_language():
    assert refused(hear("language", "qq"))
