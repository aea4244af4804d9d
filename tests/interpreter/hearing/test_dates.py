"""HEAR AS DATE and HOUR, in several locales."""

from __future__ import annotations

import pytest

from tests.interpreter.library_kit import hear, refused

BR = {"language": "pt-BR", "timezone": "America/Sao_Paulo"}
UK = {"language": "en-GB"}


@pytest.mark.parametrize(
    ("text", "us", "gb", "br"),
    [
        ("2026-05-01", "2026-05-01", "2026-05-01", "2026-05-01"),
        ("2026/5/1", "2026-05-01", "2026-05-01", "2026-05-01"),
        ("3/4/2026", "2026-03-04", "2026-04-03", "2026-04-03"),
        ("03-04-2026", "2026-03-04", "2026-04-03", "2026-04-03"),
        ("3.4.2026", "2026-04-03", "2026-04-03", "2026-04-03"),
        ("25/12/2026", "2026-12-25", "2026-12-25", "2026-12-25"),
        ("12/25/2026", "2026-12-25", "2026-12-25", "2026-12-25"),
        ("5/4/85", "1985-05-04", "1985-04-05", "1985-04-05"),
        ("25/12", "2026-12-25", "2026-12-25", "2026-12-25"),
        ("1/2", "2027-01-02", "2027-02-01", "2027-02-01"),
        ("29/2", "2028-02-29", "2028-02-29", "2028-02-29"),
        ("5 May 2026", "2026-05-05", "2026-05-05", "2026-05-05"),
        ("May 5th, 2026", "2026-05-05", "2026-05-05", "2026-05-05"),
        ("tomorrow", "2026-03-12", "2026-03-12", "2026-03-12"),
        ("hoje", "2026-03-11", "2026-03-11", "2026-03-11"),
        ("in 3 days", "2026-03-14", "2026-03-14", "2026-03-14"),
        ("two weeks ago", "2026-02-25", "2026-02-25", "2026-02-25"),
        ("2026-05-01T10:00:00Z", "2026-05-01", "2026-05-01", "2026-05-01"),
    ],
)
def test_dates_are_read_as_the_bots_region_writes_them(text, us, gb, br):
    assert (hear("date", text), hear("date", text, **UK), hear("date", text, **BR)) == (us, gb, br)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("amanhã", "2026-03-12"),
        ("amanha", "2026-03-12"),
        ("depois de amanhã", "2026-03-13"),
        ("anteontem", "2026-03-09"),
        ("sexta-feira", "2026-03-13"),
        ("próxima sexta", "2026-03-13"),
        ("quarta", "2026-03-18"),
        ("25 de dezembro de 2026", "2026-12-25"),
        ("1º de maio", "2026-05-01"),
        ("daqui a 3 dias", "2026-03-14"),
        ("em duas semanas", "2026-03-25"),
        ("daqui a um mês", "2026-04-11"),
    ],
)
def test_dates_in_portuguese(text, value):
    assert hear("date", text, **BR) == value


def test_dates_in_other_languages_come_from_their_month_names():
    assert hear("date", "25 décembre 2026", language="fr") == "2026-12-25"
    assert hear("date", "25. Dezember 2026", language="de") == "2026-12-25"
    assert hear("date", "martes", language="es") == "2026-03-17"


def test_today_is_the_day_in_the_bots_zone():
    from datetime import UTC, datetime

    from interpreter.effects import Answer, Settings
    from interpreter.hearing import validate

    settings = Settings(language="pt-BR", timezone="America/Sao_Paulo")
    after_midnight = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)
    asked = {"options": (), "open_menu": False, "settings": settings, "now": after_midnight}

    assert validate("date", Answer("hoje"), **asked) == "2026-03-11"


@pytest.mark.parametrize(
    "text",
    ["", "1", "12", "may", "mar", "march", "3.5", "3-5", "31/02/2026", "2026-13-01", "32/1/2026", "someday",
     "amanhã às 15h", "14h30", "13/13/2026", "0/0/0000", "9999999 days", "in 99999999 years", "x" * 5000],
)  # fmt: skip
def test_what_is_no_date(text):
    assert refused(hear("date", text))
    assert refused(hear("date", text, **BR))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14:30", "14:30"),
        ("9:05", "09:05"),
        ("2:30 pm", "14:30"),
        ("2:30 P.M.", "14:30"),
        ("2pm", "14:00"),
        ("12 am", "00:00"),
        ("12:15pm", "12:15"),
        ("14h30", "14:30"),
        ("14h", "14:00"),
        ("às 9h", "09:00"),
        ("3 da tarde", "15:00"),
        ("15h da tarde", "15:00"),
        ("noon", "12:00"),
        ("meia-noite", "00:00"),
        ("23:59:59", "23:59"),
    ],
)
def test_times_of_day(text, value):
    assert hear("hour", text) == value


@pytest.mark.parametrize(
    "text", ["", "9", "24:00", "9:60", "13 pm", "0:30 am", "25h", "30 min", "half past two", "9:5"]
)
def test_what_is_no_time(text):
    assert refused(hear("hour", text))
