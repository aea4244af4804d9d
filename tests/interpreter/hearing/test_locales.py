"""What people of six countries write: every type accepted, put in its normal form, and refused."""

from __future__ import annotations

from typing import Any

import pytest

from interpreter.hearing import KINDS
from interpreter.hearing.validate import BUILT_IN
from tests.interpreter.library_kit import hear

LOCALES = {
    "en-US": {"language": "en-US", "timezone": "America/New_York"},
    "en-GB": {"language": "en-GB", "timezone": "Europe/London"},
    "pt-BR": {"language": "pt-BR", "timezone": "America/Sao_Paulo"},
    "de-DE": {"language": "de-DE", "timezone": "Europe/Berlin"},
    "fr-FR": {"language": "fr-FR", "timezone": "Europe/Paris"},
    "es-ES": {"language": "es-ES", "timezone": "Europe/Madrid"},
}
# (type, locale, {what is written: its value}, [what is refused]); today is Wednesday 11 March 2026
ANSWERS: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("text", "en-US", {" hello ": "hello", "": ""}, []),
    ("text", "de-DE", {"Grüße\nund mehr": "Grüße\nund mehr"}, []),
    ("email", "en-US", {"Joe@Example.COM": "joe@example.com"}, ["joe@", "joe example.com"]),
    ("email", "pt-BR", {"joão@exemplo.com.br": "joão@exemplo.com.br"}, ["joão@exemplo"]),
    ("email", "de-DE", {"Jürgen@Büro.de": "jürgen@büro.de"}, ["jürgen@büro"]),
    ("name", "en-GB", {"SIOBHÁN o'connor": "Siobhán O'Connor"}, ["R2D2"]),
    ("name", "pt-BR", {"joão da silva": "João Da Silva"}, ["a"]),
    ("name", "de-DE", {"karl-heinz MÜLLER": "Karl-Heinz Müller"}, ["42"]),
    ("name", "fr-FR", {"françoise d’aubigné": "Françoise D’Aubigné"}, ["<b>"]),
    ("integer", "en-US", {"1,234": 1234, "12": 12, "twelve": 12}, ["3.5", "1,23", "abc"]),
    ("integer", "en-GB", {"1 234": 1234}, ["12 apples"]),
    ("integer", "pt-BR", {"1.234": 1234, "doze": 12}, ["3,5", "1.23"]),
    ("integer", "de-DE", {"1.234.567": 1234567}, ["3,5"]),
    ("integer", "fr-FR", {"1\u202f234": 1234, "1\u00a0234": 1234}, ["3,5"]),
    ("integer", "es-ES", {"1.234": 1234}, ["mil"]),
    ("float", "en-US", {"3.5": 3.5, "1,234.5": 1234.5, "3.14159": 3.14159}, ["3.5.1", "NaN"]),
    ("float", "pt-BR", {"3,5": 3.5, "1.234,5": 1234.5}, ["3,5,1"]),
    ("float", "de-DE", {"0,125": 0.125, "-3,5": -3.5}, ["drei Komma fünf"]),
    ("float", "fr-FR", {"1\u202f234,5": 1234.5}, ["1e5"]),
    ("money", "en-US", {"$1,234.56": 1234.56, "1,234": 1234.0, "20 bucks": 20.0}, ["free", "-5"]),
    ("money", "en-GB", {"£9.99": 9.99, "10 pounds": 10.0}, ["ten quid or so"]),
    ("money", "pt-BR", {"R$ 1.234,56": 1234.56, "50 reais": 50.0, "1.234": 1234.0}, ["R$", "-1"]),
    ("money", "de-DE", {"1.234,56 €": 1234.56, "12,50 EUR": 12.5}, ["viel"]),
    ("money", "fr-FR", {"1\u202f234,56 €": 1234.56, "12 euros": 12.0}, ["gratuit"]),
    ("money", "es-ES", {"1.234,56 €": 1234.56}, ["gratis"]),
    ("boolean", "en-US", {"Yes!": True, "nope": False, "confirmed": True}, ["maybe"]),
    ("boolean", "pt-BR", {"sim": True, "Não": False, "nao": False}, ["talvez"]),
    ("boolean", "de-DE", {"Ja": True, "nein": False}, ["vielleicht"]),
    ("boolean", "fr-FR", {"oui": True, "non": False}, ["peut-être"]),
    ("boolean", "es-ES", {"sí": True, "no": False}, ["quizás"]),
    (
        "date",
        "en-US",
        {"3/4/2026": "2026-03-04", "April 5, 2026": "2026-04-05", "tomorrow": "2026-03-12", "2026-05-01": "2026-05-01"},
        ["2/30/2026", "someday"],
    ),
    ("date", "en-GB", {"3/4/2026": "2026-04-03", "5 April 2026": "2026-04-05"}, ["31/4/2026"]),
    ("date", "pt-BR", {"3/4/2026": "2026-04-03", "amanhã": "2026-03-12", "5 de abril de 2026": "2026-04-05"}, ["30/2"]),
    ("date", "de-DE", {"3.4.2026": "2026-04-03", "5. April 2026": "2026-04-05", "morgen": "2026-03-12"}, ["31.4.2026"]),
    ("date", "fr-FR", {"3/4/2026": "2026-04-03", "5 avril 2026": "2026-04-05", "demain": "2026-03-12"}, ["bientôt"]),
    ("date", "es-ES", {"3/4/26": "2026-04-03", "5 de abril de 2026": "2026-04-05", "mañana": "2026-03-12"}, ["pronto"]),
    ("hour", "en-US", {"2:30 pm": "14:30", "noon": "12:00"}, ["25:00", "soon"]),
    ("hour", "en-GB", {"14:30": "14:30"}, ["13:30 pm", "half-past"]),
    ("hour", "pt-BR", {"14h30": "14:30", "às 9h": "09:00", "3 da tarde": "15:00"}, ["25h"]),
    ("hour", "de-DE", {"14 Uhr": "14:00", "14:30 Uhr": "14:30", "um 9 Uhr": "09:00", "14.30 Uhr": "14:30"}, ["25 Uhr"]),
    ("hour", "fr-FR", {"14h30": "14:30", "à 9h": "09:00", "midi": "12:00", "14 heures": "14:00"}, ["25h"]),
    ("hour", "es-ES", {"a las 14:30": "14:30", "las 3 de la tarde": "15:00", "9 de la mañana": "09:00"}, ["25:00"]),
    ("mobile", "en-US", {"(415) 555-2671": "+14155552671"}, ["555-2671", "12"]),
    ("mobile", "en-GB", {"07911 123456": "+447911123456", "+1 415 555 2671": "+14155552671"}, ["07911"]),
    ("mobile", "pt-BR", {"(11) 99999-8888": "+5511999998888"}, ["99999-8888"]),
    ("mobile", "de-DE", {"0151 23456789": "+4915123456789", "0049 151 23456789": "+4915123456789"}, ["0151"]),
    ("mobile", "fr-FR", {"06 12 34 56 78": "+33612345678"}, ["06 12"]),
    ("mobile", "es-ES", {"612 345 678": "+34612345678"}, ["612"]),
    ("zipcode", "en-US", {"94103": "94103", "94103-1234": "94103-1234", "941031234": "94103-1234"}, ["9410"]),
    ("zipcode", "en-GB", {"sw1a1aa": "SW1A 1AA", "M1 1AE": "M1 1AE"}, ["SW1A"]),
    ("zipcode", "pt-BR", {"01310100": "01310-100", "01310-100": "01310-100"}, ["0131"]),
    ("zipcode", "de-DE", {"10115": "10115"}, ["1011"]),
    ("zipcode", "fr-FR", {"75008": "75008"}, ["Paris"]),
    ("zipcode", "es-ES", {"28013": "28013"}, ["280131"]),
    ("language", "en-US", {"Portuguese": "pt", "EN": "en"}, ["klingon"]),
    ("language", "pt-BR", {"inglês": "en", "espanhol": "es"}, ["idioma"]),
    ("language", "de-DE", {"Deutsch": "de", "Französisch": "fr"}, ["xx"]),
    ("language", "fr-FR", {"allemand": "de"}, ["rien"]),
    ("language", "es-ES", {"español": "es", "inglés": "en"}, ["nada"]),
    ("cpf", "pt-BR", {"529.982.247-25": "529.982.247-25", "52998224725": "529.982.247-25"}, ["529.982.247-26"]),
    ("cnpj", "pt-BR", {"11222333000181": "11.222.333/0001-81"}, ["11.222.333/0001-82"]),
    ("cpf", "en-US", {"52998224725": "529.982.247-25"}, ["111.111.111-11"]),
    ("cnpj", "en-US", {"11222333000181": "11.222.333/0001-81"}, ["1"]),
    ("url", "en-US", {"example.com:8080/a": "https://example.com:8080/a"}, ["not a link"]),
    ("url", "de-DE", {"www.büro.de": "https://www.xn--bro-hoa.de"}, ["ftp://x.de"]),
    ("uuid", "en-US", {"123E4567-E89B-12D3-A456-426614174000": "123e4567-e89b-12d3-a456-426614174000"}, ["123"]),
    ("uuid", "pt-BR", {"{123e4567-e89b-12d3-a456-426614174000}": "123e4567-e89b-12d3-a456-426614174000"}, ["x"]),
    ("color", "en-GB", {"Red": "#FF0000", "#abc": "#AABBCC", "rgb(1,2,3)": "#010203"}, ["reddish", "rgb(1,2,300)"]),
    ("color", "pt-BR", {"azul": "#0000FF", "Vermelho": "#FF0000"}, ["azulado"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "locale", "text", "value"),
    [(kind, locale, text, value) for kind, locale, answers, _ in ANSWERS for text, value in answers.items()],
)
def test_an_answer_is_accepted_in_its_normal_form(kind, locale, text, value):
    found = hear(kind, text, **LOCALES[locale])

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "locale", "text"),
    [(kind, locale, text) for kind, locale, _, wrong in ANSWERS for text in wrong],
)
def test_an_answer_that_will_not_do_is_refused_in_the_bots_language(kind, locale, text):
    found = hear(kind, text, **LOCALES[locale])

    assert found.startswith("refused: Por favor" if locale == "pt-BR" else "refused: Please")


def test_every_type_has_examples_in_more_than_one_locale():
    elsewhere = {"menu", "file", "document", "image", "audio", "video", "password", "creditcard"}
    for kind in {KINDS[word] for word in BUILT_IN} - elsewhere:
        assert len({locale for example, locale, _, _ in ANSWERS if example == kind}) > 1, kind
