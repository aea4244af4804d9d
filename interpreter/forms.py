"""How the operands of a keyword are written down: forms, as data.

A form is a line of elements separated by blanks::

    WORD , = #          stand for themselves
    name                an operand: any value
    name:kind           an operand that is read in another way (see KINDS)
    name ...            this operand and any further ones, separated by commas
    name=WORD           the word itself; the operand is true where it is written
    [ a | b ]           a, or b, or nothing
    ( a | b )           a or b

``table:name [, filter | WHERE where:where] [LIMIT limit]`` therefore is six forms in one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

KINDS: dict[str, str] = {
    "value": "any expression",
    "name": "a bare word that stands for itself, unless it is a variable that holds a text; else an expression",
    "filter": "a text such as 'status=open', or a condition written out",
    "where": "a condition: names on the left are columns, values on the right belong to the script",
    "order": "columns, each with ASC or DESC",
    "columns": "names of columns, separated by commas",
    "pairs": "name = value or name AS value, separated by commas: an object",
    "fields": "values, each with the name that it is written by: an array of {name, value}",
    "listed": "the same in brackets: (a, b)",
    "rows": "(columns) VALUES (values), …: an object, or an array of them",
    "text": "a text, or the rest of the line as it stands",
    "flag": "a word that is there or not",
}
MOST = 256  # forms that one line may stand for

_ELEMENT = re.compile(r"\.\.\.|[a-z][a-z_]*(?::[a-z]+|=[A-Z_]+)?|[A-Z_][A-Z_0-9]*|[^\sa-zA-Z_]")


class Operand(NamedTuple):
    """A place for a value. ``word`` is what a flag is written as."""

    name: str
    kind: str = "value"
    many: bool = False
    word: str = ""


Element = str | Operand
Form = tuple[Element, ...]


@lru_cache(maxsize=4096)
def expand(form: str) -> tuple[Form, ...]:
    """Every plain form that a line stands for, those with more elements first where the line says ``[ ]``.

    :raises ValueError: a bracket is not closed, a kind does not exist, or the line stands for too many forms.
    """
    elements = _ELEMENT.findall(form)
    if "".join(elements) != "".join(form.split()):
        raise ValueError(f"the form {form!r} holds a character that means nothing")
    reader = _Reader(form, elements)
    found = reader.choices("")
    return tuple(dict.fromkeys(found))


class _Reader:
    def __init__(self, form: str, elements: list[str]) -> None:
        self.form = form
        self.elements = elements
        self.index = 0

    def choices(self, closing: str) -> list[Form]:
        """Alternatives up to the closing bracket, which is consumed."""
        found: list[Form] = []
        while True:
            found += self.sequence()
            if self.index == len(self.elements):
                if closing:
                    raise ValueError(f"the form {self.form!r} lacks a {closing}")
                return found
            element = self.elements[self.index]
            self.index += 1
            if element == closing:
                return found
            if element != "|":
                raise ValueError(f"the form {self.form!r} has a {element} too many")

    def sequence(self) -> list[Form]:
        forms: list[Form] = [()]
        while self.index < len(self.elements) and self.elements[self.index] not in "|])":
            element = self.elements[self.index]
            self.index += 1
            if element in "[(":
                inner = self.choices("]" if element == "[" else ")")
                tails = [*inner, ()] if element == "[" else inner
                forms = [(*form, *tail) for form in forms for tail in tails]
            elif element == "...":
                forms = [_many(form, self.form) for form in forms]
            else:
                forms = [(*form, self.element(element)) for form in forms]
            if len(forms) > MOST:
                raise ValueError(f"the form {self.form!r} stands for more than {MOST} forms")
        return forms

    def element(self, text: str) -> Element:
        if not text[0].islower():
            return text
        name, equals, word = text.partition("=")
        if equals:
            return Operand(name, "flag", word=word)
        name, _, kind = text.partition(":")
        if kind and kind not in KINDS:
            raise ValueError(f"the form {self.form!r} names a kind {kind!r} that does not exist")
        return Operand(name, kind or "value", many=kind == "fields")


def _many(form: Form, text: str) -> Form:
    if not form or not isinstance(form[-1], Operand):
        raise ValueError(f"... stands behind no operand in the form {text!r}")
    return (*form[:-1], form[-1]._replace(many=True))


@lru_cache(maxsize=4096)
def parameters_of(forms: tuple[str, ...]) -> tuple[str, ...]:
    """Every operand of the forms, in order of first appearance."""
    return tuple(dict.fromkeys(_names(forms)))


@lru_cache(maxsize=4096)
def of_kind(kind: str, forms: tuple[str, ...]) -> frozenset[str]:
    """The names of the operands of a kind."""
    found = (element for form in forms_of(forms) for element in form)
    return frozenset(each.name for each in found if isinstance(each, Operand) and each.kind == kind)


def _names(forms: tuple[str, ...]) -> Iterator[str]:
    for form in forms:
        for text in _ELEMENT.findall(form):
            if text[0].islower():
                yield re.split("[:=]", text)[0]


@lru_cache(maxsize=4096)
def forms_of(forms: tuple[str, ...]) -> tuple[Form, ...]:
    """All plain forms of a keyword."""
    return tuple(dict.fromkeys(plain for form in forms for plain in expand(form)))


_SHOWN = {
    "filter": "condition",
    "where": "condition",
    "order": "column [DESC]",
    "columns": "column, …",
    "pairs": "name = value, …",
    "fields": "value, …",
    "listed": "(value, …)",
    "rows": "(column, …) VALUES (value, …)",
}


def shown(element: Element) -> str:
    """An element as its reader writes it: a word, or what belongs in its place."""
    if isinstance(element, str):
        return element
    text = element.word or _SHOWN.get(element.kind) or element.name.replace("_", " ")
    return f"{text}, …" if element.many and element.kind == "value" else text


def shown_form(form: str) -> str:
    """A form's line as its reader sees it."""
    reader = _Reader(form, [])
    elements = [
        shown(reader.element(text)) if text[0].islower() else "…" if text == "..." else text
        for text in _ELEMENT.findall(form)
    ]
    return _spaced(" ".join(elements))


def shown_plain(form: Form) -> str:
    """One plain form, likewise."""
    return _spaced(" ".join(map(shown, form)))


def _spaced(text: str) -> str:
    return re.sub(r"\s+(?=[,\])])|(?<=[\[(])\s+", "", text)
