"""HEAR AS EMAIL, NAME, MOBILE, URL and the codes: accepted, normalised, refused."""

from __future__ import annotations

import pytest

from interpreter.values import Secret, to_text
from tests.interpreter.library_kit import hear, refused

BR = {"language": "pt-BR", "timezone": "America/Sao_Paulo"}
UK = {"language": "en-GB"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" Ana@Example.COM ", "ana@example.com"),
        ("ana.b+c@sub.example.com", "ana.b+c@sub.example.com"),
        ("<ana@example.com>", "ana@example.com"),
        ("mailto:ana@example.com", "ana@example.com"),
        ("ana@example.com.", "ana@example.com"),
        ("ana at example dot com", "ana@example.com"),
        ("ana arroba example ponto com", "ana@example.com"),
    ],
)
def test_mail_addresses(text, value):
    assert hear("email", text) == value


@pytest.mark.parametrize(
    "text",
    ["", "ana", "ana@", "@example.com", "ana@example", "a b@example.com", "ana@exa mple.com", "a@b@c.com",
     "ana@-example.com", "ana..b@example.com", "x" * 5000 + "@example.com", "ana@example.com\nbcc:x@y.com"],
)  # fmt: skip
def test_what_is_no_mail_address(text):
    assert refused(hear("email", text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("john DOE", "John Doe"),
        ("  ana   maria ", "Ana Maria"),
        ("o'neil mary-jane", "O'Neil Mary-Jane"),
        ("McDonald", "McDonald"),
        ("josé", "José"),
        ("李小龙", "李小龙"),
        ("é" * 100, "É" + "é" * 99),
    ],
)
def test_names(text, value):
    assert hear("name", text) == value


@pytest.mark.parametrize("text", ["", "J", "R2D2", "ana_b", "@ana", "ana 😀", "--", "é" * 101, "<b>ana</b>"])
def test_what_is_no_name(text):
    assert refused(hear("name", text))


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("(415) 555-2671", {}, "+14155552671"),
        ("+55 11 99999-8888", {}, "+5511999998888"),
        ("whatsapp:+5511999998888", {}, "+5511999998888"),
        ("(11) 99999-8888", BR, "+5511999998888"),
        ("11 9999-8888", BR, "+551199998888"),
        ("020 7946 0958", UK, "+442079460958"),
        ("call me at 415 555 2671 please", {}, "+14155552671"),
        ("(11) 99999-8888", {"language": "en", "timezone": "America/Sao_Paulo"}, "+5511999998888"),
    ],
)
def test_telephone_numbers_keep_their_country(text, locale, value):
    assert hear("mobile", text, **locale) == value


@pytest.mark.parametrize(
    "text", ["", "123", "99999-8888", "1-800-FLOWERS", "please", "1" * 16, "+0000000000000000", "call"]
)
def test_what_is_no_telephone_number(text):
    assert refused(hear("mobile", text, **BR))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("example.com", "https://example.com"),
        ("http://Example.com:8080/a?b=c#d", "http://example.com:8080/a?b=c#d"),
        ("example.com:8443/x", "https://example.com:8443/x"),
        ("localhost:3000", "https://localhost:3000"),
        ("https://münchen.de/x", "https://xn--mnchen-3ya.de/x"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("1.2.3.4", "https://1.2.3.4"),
    ],
)
def test_web_addresses(text, value):
    assert hear("url", text) == value


@pytest.mark.parametrize(
    "text",
    ["", "plain", "ftp://example.com", "javascript:alert(1)", "data:text/html,x", "http://a:b@example.com",
     "two words.com", "http://", "300.1.1.1", "-a.com", "http://example.com:99999", "http://[::1", "a..com",
     "https://example.com/\x00", "x" * 3000 + ".com"],
)  # fmt: skip
def test_what_is_no_web_address(text):
    assert refused(hear("url", text))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("cpf", "52998224725", "529.982.247-25"),
        ("cnpj", "11222333000181", "11.222.333/0001-81"),
        ("cnpj", "12.ABC.345/01DE-35", "12.ABC.345/01DE-35"),
        ("uuid", "{123E4567E89B12D3A456426614174000}", "123e4567-e89b-12d3-a456-426614174000"),
        ("color", "Red", "#FF0000"),
        ("color", "#0f0", "#00FF00"),
        ("color", "rgb(1, 2, 255)", "#0102FF"),
        ("zipcode", "01310100", "01310-100"),
        ("zipcode", "94103", "94103"),
        ("zipcode", "941031234", "94103-1234"),
        ("zipcode", "sw1a1aa", "SW1A 1AA"),
        ("language", "English", "en"),
        ("language", "português", "pt"),
        ("language", "francês", "fr"),
        ("language", "pt-BR", "pt"),
    ],
)
def test_codes(kind, text, value):
    assert hear(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("cpf", "111.111.111-11"),
        ("cpf", "529.982.247-26"),
        ("cnpj", "00000000000000"),
        ("cnpj", "11222333000182"),
        ("uuid", "123"),
        ("color", "rgb(1,2,256)"),
        ("color", "reddish"),
        ("creditcard", "4111111111111112"),
        ("creditcard", "0000000000000000"),
        ("zipcode", "1234"),
        ("language", "klingon"),
        ("language", "xx"),
        ("password", "1234567"),
        ("password", "        "),
    ],
)
def test_wrong_codes(kind, text):
    assert refused(hear(kind, text))


def test_passwords_and_cards_are_secrets():
    password, card = hear("password", " pass word "), hear("creditcard", "4111 1111 1111 1111")

    assert isinstance(password, Secret)
    assert password.reveal() == " pass word "
    assert to_text(password) == "••••"
    assert to_text(card) == "4111 **** **** 1111"
    assert to_text(hear("creditcard", "378282246310005")) == "3782 **** *** 0005"
    assert card.reveal() == "4111111111111111"
