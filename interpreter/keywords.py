"""Keywords as data: how a keyword is written and what kind of effect it has.

One table serves our own keywords and those of plugins; parsing, checking and documentation follow from it.
The handler is opaque here: the host (``core``) calls it, the interpreter never does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from interpreter import forms as form_language


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Keyword:
    """A keyword that scripts may use.

    :param phrase: its words, upper case, one space between: ``SET BOT MEMORY``. ``_`` joins count as spaces.
    :param forms: what may follow the phrase, one string a form, longest first. In a form, lower-case words
        are operands, upper-case words and ``,`` are literal, ``[ ]`` may be left out: ``("key , value",
        "key AS value")``. ``...`` after the last operand takes any further ones, separated by commas. The
        empty string: nothing. ``interpreter.forms`` describes the rest.
        Operands may always be written in parentheses, separated by commas: ``GET BOT MEMORY("k")``.
    :param effect: ``local`` is answered inside the step from what the step has read; ``outside``
        suspends the script until a worker has recorded the result.
    :param result: whether it may stand in an expression.
    :param handler: ``local``: ``handler(host, *arguments) -> value``, pure, may be run again.
        ``outside``: ``async handler(call, *arguments) -> value``, run once its pending row is committed.
        Arguments follow ``parameters``; those that the form leaves out are None; values are plain
        Python: None, bool, int, float, str, list, dict. None: nobody answers it here; using it is an error
        of the run, and a plugin may declare the keyword again and answer it.
    :param function: the function of the language that answers it, instead of a handler.
    :param declares: written at the top level of a file with operands that are written out, it declares
        something about the script (``WEBHOOK``) and does nothing when the script runs.
    :param description: one sentence for the reference.
    """

    phrase: str
    forms: tuple[str, ...]
    effect: Literal["local", "outside"]
    result: bool = True
    handler: Callable[..., Any] | None = None
    function: str = ""
    declares: bool = False
    description: str

    def __post_init__(self) -> None:
        """:raises ValueError: a form cannot be read."""
        for form in self.forms:
            form_language.expand(form)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every operand's name of its forms, in order of first appearance."""
        return form_language.parameters_of(self.forms)

    @property
    def conditions(self) -> frozenset[str]:
        """The operands that are conditions."""
        return form_language.of_kind("filter", self.forms)

    @property
    def available(self) -> bool:
        """Whether anybody answers it."""
        return self.handler is not None or bool(self.function)

    @property
    def suspends(self) -> bool:
        """Whether a script waits for its answer."""
        return self.effect == "outside" and self.handler is not None


class KeywordTable:
    """The keywords that a release may use, found by their words, longest phrase first."""

    def __init__(self, keywords: Iterable[Keyword] = ()) -> None:
        self._by_phrase: dict[str, Keyword] = {}
        for keyword in keywords:
            before = self._by_phrase.get(keyword.phrase)
            if before is not None and before.available:
                raise ValueError(f"keyword {keyword.phrase!r} is defined twice")
            self._by_phrase[keyword.phrase] = keyword
        heads: dict[str, list[tuple[tuple[str, ...], Keyword]]] = {}
        for phrase, keyword in self._by_phrase.items():
            words = tuple(phrase.split())
            heads.setdefault(words[0], []).append((words, keyword))
        self._heads = {
            head: tuple(sorted(found, key=lambda entry: -len(entry[0]))) for head, found in heads.items()
        }

    def __iter__(self) -> Iterator[Keyword]:
        return iter(self._by_phrase.values())

    @cached_property
    def fingerprint(self) -> bytes:
        """Names what compiled code depends on in these keywords."""
        parts = [
            (k.phrase, k.forms, k.effect, k.result, k.available, k.suspends, k.function, k.declares)
            for k in self._by_phrase.values()
        ]
        return hashlib.sha256(repr(parts).encode()).digest()

    def find(self, phrase: str) -> Keyword | None:
        """The keyword of exactly these words, upper case, single-spaced."""
        return self._by_phrase.get(phrase)

    @property
    def longest(self) -> int:
        """Words in the longest phrase: how far a parser must look ahead."""
        return max((phrase.count(" ") + 1 for phrase in self._by_phrase), default=0)

    def starting_with(self, word: str) -> tuple[tuple[tuple[str, ...], Keyword], ...]:
        """The keywords whose phrase begins with this word, as ``(words, keyword)``, longest phrase first."""
        return self._heads.get(word, ())


def _answered_by_the_compiler(*_: Any) -> Any:
    raise AssertionError("the compiler answers this keyword itself; it has no handler")


def _own(phrase: str, *forms: str, result: bool = False, description: str) -> Keyword:
    return Keyword(
        phrase=phrase,
        forms=forms,
        effect="local",
        result=result,
        handler=_answered_by_the_compiler,
        description=description,
    )


def _pure(phrase: str, *forms: str, function: str, description: str) -> Keyword:
    """A keyword that is a function of the language written with words between its arguments."""
    return Keyword(phrase=phrase, forms=forms, effect="local", function=function, description=description)


INTERPRETER_KEYWORDS = (
    _own(
        "ADD SUGGESTION",
        "TOOL tool:name AS text",
        "TEXT value AS text",
        "value:name AS text",
        "text , value",
        "text",
        description="Offers a quick reply with the next message; choosing it answers the value, else the text.",
    ),
    _own("CLEAR SUGGESTIONS", "", description="Takes back the quick replies that have not been shown yet."),
    _own("GET CONFIG", "key", result=True, description="A setting of the bot's config.csv, or null."),
    _pure(
        "FILTER",
        "rows , condition:filter",
        "rows WHERE condition:where",
        function="filter",
        description="The rows that meet a condition.",
    ),
    _pure(
        "AGGREGATE",
        "operation , rows [, field:name]",
        "rows operation:name [field:name]",
        function="aggregate",
        description="SUM, AVG, COUNT, MIN or MAX over one field of rows.",
    ),
    _pure(
        "MAP",
        "rows (, | WITH | TO) fields",
        function="map",
        description='Rows with some of their fields only; "price->cost" renames one.',
    ),
    _pure(
        "JOIN",
        "left , right [, key:name | ON key:name]",
        "left WITH right ON key:name",
        "left",
        function="join",
        description="The rows of two tables joined by a field; or the items of an array as one text.",
    ),
    _pure(
        "GROUP BY",
        "rows , field:name",
        "rows BY field:name",
        function="group_by",
        description="An object with the rows for each value of a field.",
    ),
    _pure(
        "SORT",
        "rows BY field:name [direction:name]",
        "rows [, field:name [, direction:name]]",
        function="sort",
        description='A sorted copy of rows or of an array; "DESC" sorts from the largest down.',
    ),
    _pure("JSON PARSE", "text", function="json_parse", description="The value that a JSON text describes."),
    _pure(
        "GENERATE CODE",
        "[length]",
        function="generate_code",
        description="A text of so many random digits, 6 if nothing else is said.",
    ),
)
"""Keywords that need no node of their own: the compiler knows them by phrase and never calls a handler."""
