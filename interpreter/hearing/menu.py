"""Menus: which option an answer means: tapped, its number, its label, a unique part of it, an ordinal.

Suggestions stand beside a question that takes any answer, so of a typed one only a whole label or a number means one.
"""

from __future__ import annotations

import re

from interpreter.effects import Answer, Option
from interpreter.hearing.locale import fold, language_of, plain_words
from interpreter.hearing.numbers import NUMBER_WORDS
from interpreter.hearing.types import Asked, Unacceptable

LONGEST = 500  # characters in which an option is looked for
NUMBER = re.compile(
    r"(?:#|no?\.?\s*|nº\s*|number\s+|numero\s+|option\s+|opcao\s+|a\s+|o\s+|the\s+)?(\d{1,3})\s*(?:[.)º°ªoa]|st|nd|rd|th)?"
)
ORDINALS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth",
    "pt": "primeira segunda terceira quarta quinta sexta setima oitava nona decima",
}
ORDINAL_WORDS: dict[str, dict[str, int]] = {
    language: {word: number for number, word in enumerate(words.split(), 1)}
    for language, words in ORDINALS.items()
}
ORDINAL_WORDS["pt"] |= {f"{word[:-1]}o": number for word, number in ORDINAL_WORDS["pt"].items()}
LAST = frozenset({"last", "ultima", "ultimo"})
FILLER = re.compile(
    r"^(?:(?:the|option|number|opcao|numero|a|o) )+|(?: (?:one|option|please|opcao|por favor))+$"
)
SHORTEST_PART_OF_OPEN = 3  # characters: below, free text is not taken for part of a label


def choose(asked: Asked) -> str:
    """The value of the option that the answer means; in an open menu, else the answer itself.

    :raises Unacceptable: none, or more than one.
    """
    options = asked.options
    tapped = asked.answer.option
    if tapped is not None:
        for option in options:
            if option.id == tapped:
                return option.value
    text = line_of(asked.answer, asked.text)
    found = find(text, asked) if text and len(text) <= LONGEST else None
    if found is not None:
        return found.value
    if asked.open_menu and text:
        return text
    raise Unacceptable(options=", ".join(option.title for option in options))


def line_of(answer: Answer, text: str) -> str:
    """Where a choice is looked for: the first line of a mail, else the whole text."""
    return text.splitlines()[0].strip() if answer.leading_line_only and text else text


def suggested(answer: Answer, suggestions: tuple[Option, ...]) -> Option | None:
    """The suggestion that was tapped, or whose label or number was typed.

    Where suggestions begin with digits themselves, a number is read as an answer first.
    """
    if answer.option is not None:
        return next((option for option in suggestions if option.id == answer.option), None)
    text = line_of(answer, answer.text.strip())
    if not text or answer.attachments or len(text) > LONGEST:
        return None
    labelled = by_label(text, suggestions)
    if labelled is None and not any(map(begins_with_digit, suggestions)):
        return numbered(answer, suggestions)
    return labelled


def begins_with_digit(option: Option) -> bool:
    return any(text.strip()[:1].isdigit() for text in (option.title, option.value))


def numbered(answer: Answer, suggestions: tuple[Option, ...]) -> Option | None:
    """The suggestion whose number was typed."""
    number = NUMBER.fullmatch(fold(line_of(answer, answer.text)[:LONGEST]).strip(" .!?*"))
    position = int(number[1]) if number and answer.option is None else 0
    return suggestions[position - 1] if 1 <= position <= len(suggestions) else None


def find(text: str, asked: Asked) -> Option | None:
    """The one option that ``text`` means, by the first rule that finds any."""
    options = asked.options
    labelled = by_label(text, options)
    if labelled is not None:
        return labelled
    position = by_number(text, asked)
    if position is not None:
        return options[position - 1] if 1 <= position <= len(options) else None
    part = by_part(text, asked)
    if part is None and asked.answer.leading_line_only:
        return by_mention(text, options)
    return part


def by_label(text: str, options: tuple[Option, ...]) -> Option | None:
    """The option whose id, label or value is exactly this, but for case, accents and punctuation."""
    for reading in (text.strip().casefold(), fold(text), plain_words(text)):
        exact = _exactly(reading, options)
        if exact is not None:
            return exact
    return None


def _exactly(plain: str, options: tuple[Option, ...]) -> Option | None:
    if not plain:
        return None
    is_number = plain.isdigit()  # typed, a number is a position rather than an id
    for form in (str.casefold, fold, plain_words):
        found = {
            option.value: option
            for option in options
            if plain in (form(option.title), form(option.value))
            or (plain == option.id.casefold() and not is_number)
        }
        if len(found) == 1:
            return next(iter(found.values()))
    return None


def by_number(text: str, asked: Asked) -> int | None:
    """``2``, ``2.``, ``option 2``, ``2nd``, ``two``, ``the second one``, ``last``, or None."""
    reading = fold(text).strip(" .!?*")
    match = NUMBER.fullmatch(reading)
    if match:
        return int(match[1])
    word = FILLER.sub("", plain_words(text)).strip()
    if word in LAST:
        return len(asked.options)
    for language in (language_of(asked.settings), "en"):
        for words in (NUMBER_WORDS, ORDINAL_WORDS):
            number = words.get(language, {}).get(word)
            if number is not None:
                return number
    return None


def by_part(text: str, asked: Asked) -> Option | None:
    """The only option whose label contains the answer; at the start of a word rather than inside one."""
    part = fold(text).strip(" .!?,")
    if not part or (asked.open_menu and len(part) < SHORTEST_PART_OF_OPEN):
        return None
    starts = re.compile(rf"(?<!\w){re.escape(part)}")
    at_word = [option for option in asked.options if starts.search(fold(option.title))]
    if len(at_word) == 1:
        return at_word[0]
    if at_word or asked.open_menu:
        return None
    inside = [option for option in asked.options if part in fold(option.title)]
    return inside[0] if len(inside) == 1 else None


def by_mention(text: str, options: tuple[Option, ...]) -> Option | None:
    """The only option whose whole label occurs in the answer (speech, and the first line of a mail)."""
    spoken = f" {plain_words(text)} "
    named = [
        option
        for option in options
        if plain_words(option.title) and f" {plain_words(option.title)} " in spoken
    ]
    longest = [
        option
        for option in named
        if not any(other is not option and f" {plain_words(option.title)} " in f" {plain_words(other.title)} "
                   for other in named)
    ]  # fmt: skip
    return longest[0] if len(longest) == 1 else None
