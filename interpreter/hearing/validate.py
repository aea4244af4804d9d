"""The one way in: ``validate`` looks up the type's validator and words its refusal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from interpreter.effects import Answer, Option, Settings, Value
from interpreter.hearing import codes, contact, dates, files, menu, numbers
from interpreter.hearing.texts import refusal
from interpreter.hearing.types import (
    KINDS,
    LONGEST_ANSWER,
    NOT_BUILT,
    Asked,
    Invalid,
    Unacceptable,
    Validator,
)
from interpreter.values import from_plain


def text(asked: Asked) -> Value:
    """Anything; a file sent without a word is the file."""
    if not asked.text and asked.answer.attachments:
        return files.file(asked)
    return asked.text


VALIDATORS: dict[str, Validator] = {
    "text": text,
    "email": contact.email,
    "name": contact.name,
    "integer": numbers.integer,
    "float": numbers.floating,
    "money": numbers.money,
    "boolean": numbers.boolean,
    "date": dates.day,
    "hour": dates.hour,
    "mobile": contact.mobile,
    "zipcode": contact.zipcode,
    "language": contact.language,
    "cpf": codes.cpf,
    "cnpj": codes.cnpj,
    "url": contact.url,
    "uuid": codes.uuid,
    "color": codes.color,
    "creditcard": codes.creditcard,
    "password": codes.password,
    "menu": menu.choose,
    "file": files.file,
    "document": files.document,
    "image": files.media("image"),
    "audio": files.media("audio"),
    "video": files.media("video"),
}
BUILT_IN = frozenset(word for word, kind in KINDS.items() if kind not in NOT_BUILT)


def add_type(name: str, check: Callable[[Answer, Settings], Value]) -> None:
    """Make ``HEAR x AS name`` known to every script that is compiled afterwards.

    :param check: pure: the value of an answer; raises ValueError with the text for the person.
    :raises ValueError: the name is no word, or belongs to a type that is built in.
    """
    word, kind = name.upper(), name.lower()
    if not re.fullmatch("[A-Z][A-Z0-9]*", word):
        raise ValueError(f"{name!r} is no name for a HEAR type")
    if word in BUILT_IN:
        raise ValueError(f"HEAR AS {word} is built in")

    def validator(asked: Asked) -> Value:
        try:
            return from_plain(check(asked.answer, asked.settings))
        except ValueError as problem:
            raise Invalid(str(problem)) from problem

    VALIDATORS[kind] = validator
    KINDS[word] = kind
    NOT_BUILT.pop(kind, None)


def validate(
    kind: str,
    answer: Answer,
    *,
    options: tuple[Option, ...],
    open_menu: bool,
    settings: Settings,
    now: datetime,
) -> Value:
    """The value of an answer to ``HEAR x AS kind``.

    A tapped option answers with its value; a type other than menu then validates that, and takes the label or
    number of a suggestion as a tap on it.

    :param kind: canonical name (or an alias).
    :param options: of the menu, or the suggestions on show.
    :param open_menu: any other text is accepted as it is.
    :param now: aware.
    :raises Invalid: the answer will not do; carries the text for the person.
    """
    kind = KINDS.get(kind.upper(), kind)
    written = answer.text
    if kind != "menu" and options and (suggestion := menu.suggested(answer, options)):
        written = suggestion.value
    asked = Asked(written.strip(), answer, options, open_menu, settings, now)
    try:
        if len(written) > LONGEST_ANSWER and kind != "text":
            raise Unacceptable
        return VALIDATORS[kind](asked)
    except Unacceptable as problem:
        if kind != "menu" and (suggestion := menu.numbered(answer, options)):
            tapped = replace(answer, option=suggestion.id)
            return validate(kind, tapped, options=options, open_menu=open_menu, settings=settings, now=now)
        details = {"options": ", ".join(option.title for option in options), "date": dates.example(asked)}
        raise Invalid(refusal(kind, settings, details | problem.details)) from None
