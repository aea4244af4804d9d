"""Keywords as data: how a keyword is written and what kind of effect it has.

One table serves our own keywords and those of plugins; parsing, checking and documentation follow from it.
The handler is opaque here: the host (``core``) calls it, the interpreter never does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

PARAMETER = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Keyword:
    """A keyword that scripts may use.

    :param phrase: its words, upper case, one space between: ``SET BOT MEMORY``. ``_`` joins count as spaces.
    :param forms: what may follow the phrase, one string a form, longest first. In a form, lower-case words
        are parameters, upper-case words and ``,`` are literal: ``("key , value", "key AS value")``.
        ``...`` after the last parameter takes any further ones, separated by commas. The empty string: nothing.
        An operand of one form may always be written in parentheses: ``GET BOT MEMORY("k")``.
    :param effect: ``local`` is answered inside the step from what the step has read (core.md 3); ``outside``
        suspends the script until a worker has recorded the result.
    :param result: whether it may stand in an expression.
    :param handler: ``local``: ``handler(host, *arguments) -> value``, pure, may be run again.
        ``outside``: ``async handler(call, *arguments) -> value``, run once its pending row is committed.
        Arguments follow ``parameters``; those that the form leaves out are None; values are plain
        Python: None, bool, int, float, str, list, dict.
    :param description: one sentence for the reference.
    """

    phrase: str
    forms: tuple[str, ...]
    effect: Literal["local", "outside"]
    result: bool = True
    handler: Callable[..., Any]
    description: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter name of its forms, in order of first appearance."""
        return tuple(dict.fromkeys(word for form in self.forms for word in PARAMETER.findall(form)))


class KeywordTable:
    """The keywords that a release may use, found by their words, longest phrase first."""

    def __init__(self, keywords: Iterable[Keyword] = ()) -> None:
        self._by_phrase: dict[str, Keyword] = {}
        for keyword in keywords:
            if keyword.phrase in self._by_phrase:
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


INTERPRETER_KEYWORDS = (
    _own(
        "ADD SUGGESTION",
        "TOOL tool AS text",
        "TEXT value AS text",
        "value AS text",
        "text , value",
        "text",
        description="Offers a quick reply with the next message; choosing it answers the value, else the text.",
    ),
    _own("CLEAR SUGGESTIONS", "", description="Takes back the quick replies that have not been shown yet."),
    _own("GET CONFIG", "key", result=True, description="A setting of the bot's config.csv, or null."),
)
"""Keywords that need no node of their own: the compiler knows them by phrase and never calls a handler."""
