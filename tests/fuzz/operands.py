"""Keywords with operands of every kind that a form may ask for (``interpreter.forms.KINDS``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Protocol

from interpreter.forms import Operand, forms_of
from interpreter.keywords import Keyword

NAMES = ("a", "orders", "item", "customer.name", "größe", "total")
CONDITIONS = (
    "status=open", "total > 5 AND (name LIKE 'a%' OR NOT id IN (1, 2))", "x BETWEEN 1 AND 9", "((((a = 1", "name",
    "a IS NOT NULL", "", "'", "id = 1 OR", "NOT NOT NOT a=1", "UPPER(name) = 'A'",
)  # fmt: skip
COMPARISONS = ("=", "<>", "<", ">=", "IN", "NOT IN", "LIKE", "NOT CONTAINS", "STARTS WITH", "ENDS WITH")


class Maker(Protocol):
    chooser: Random

    def pick(self, options: Sequence[str]) -> str: ...
    def chance(self, percent: int) -> bool: ...
    def expression(self, depth: int) -> str: ...
    def text(self, depth: int = 0) -> str: ...


def phrase(maker: Maker, keywords: Sequence[Keyword], depth: int) -> str:
    """One of the keywords in one of its forms; now and then with its operands in brackets."""
    keyword = keywords[maker.chooser.randrange(len(keywords))]
    forms = forms_of(keyword.forms)
    form = forms[maker.chooser.randrange(len(forms))]
    parts = [part if isinstance(part, str) else operand(maker, part, max(depth, 3)) for part in form]
    if parts and maker.chance(15):
        return f"{keyword.phrase}({' '.join(parts)})"
    return " ".join([keyword.phrase, *parts])


def operand(maker: Maker, part: Operand, depth: int) -> str:
    if part.word:
        return part.word
    make = KINDS[part.kind]
    return ", ".join(make(maker, depth) for _ in range(maker.chooser.randint(1, 3) if part.many else 1))


def name(maker: Maker, depth: int) -> str:
    return maker.pick([maker.pick(NAMES), maker.text()])


def filtering(maker: Maker, depth: int) -> str:
    forms = [
        f'"{maker.pick(CONDITIONS)}"',
        where(maker, depth),
        maker.expression(depth),
        assembled(maker, depth),
    ]
    return maker.pick(forms)


def assembled(maker: Maker, depth: int) -> str:
    """A condition in a text with values, columns and comparisons of the script in it."""
    first, second = maker.expression(depth), maker.expression(depth)
    forms = (
        f'"{maker.pick(NAMES)}=" + {first} + " AND {maker.pick(CONDITIONS)}"',
        f"\"{maker.pick(NAMES)} LIKE '%${{{first}}}' OR ${{{second}}} = 1\"",
        f'"(" + {first} + ") AND a " + {second} + " 5"',
        f'"a NOT IN (${{{first}}})"',
    )
    return maker.pick(forms)


def where(maker: Maker, depth: int) -> str:
    tests = [test(maker, depth) for _ in range(maker.chooser.randint(1, 3))]
    joined = maker.pick([" AND ", " OR "]).join(tests)
    return maker.pick([joined, f"NOT ({joined})", f'"{maker.pick(CONDITIONS)}"'])


def test(maker: Maker, depth: int) -> str:
    column = maker.pick([maker.pick(NAMES), f"UPPER({maker.pick(NAMES)})"])
    forms = (
        f"{column} {maker.pick(COMPARISONS)} {maker.expression(depth)}",
        f"{column} BETWEEN {maker.expression(depth)} AND {maker.expression(depth)}",
        f"{column} IN ({maker.expression(depth)}, {maker.expression(depth)})",
        f"{column} IS NOT NULL",
        column,
    )
    return maker.pick(forms)


def order(maker: Maker, depth: int) -> str:
    return f"{name(maker, depth)} DESC, {name(maker, depth)}"


def pairs(maker: Maker, depth: int) -> str:
    return ", ".join(f"{maker.pick(NAMES)} = {maker.expression(depth)}" for _ in range(2))


def listed(maker: Maker, depth: int) -> str:
    return f"({maker.expression(depth)}, {maker.expression(depth)})"


def rows(maker: Maker, depth: int) -> str:
    return f"({maker.pick(NAMES)}, {maker.pick(NAMES)}) VALUES {listed(maker, depth)}, {listed(maker, depth)}"


def words(maker: Maker, depth: int) -> str:
    return maker.pick(["every day at 9", maker.text(), maker.expression(depth)])


def value(maker: Maker, depth: int) -> str:
    return maker.expression(depth)


KINDS: dict[str, Callable[[Maker, int], str]] = {
    "value": value,
    "name": name,
    "filter": filtering,
    "where": where,
    "order": order,
    "columns": name,
    "pairs": pairs,
    "fields": value,
    "listed": listed,
    "rows": rows,
    "text": words,
}
