"""INTEGER, FLOAT, MONEY and BOOLEAN.

One separator followed by exactly three digits groups thousands (``1,234``), where it is not the sign that the
bot's language writes decimals with (and always for INTEGER and MONEY, which have no three decimals).
"""

from __future__ import annotations

import re
import unicodedata

from interpreter.hearing.locale import decimal_mark, language_of, plain_words
from interpreter.hearing.types import Asked, Unacceptable
from interpreter.values import INTEGER_MAX, INTEGER_MIN

LONGEST = 60  # characters of a number as people write it
SPACES = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?:\D|$))")
DIGITS = re.compile(r"([+-]?)(\d*)((?:[.,]\d+)*)", re.ASCII)
SYMBOLS = re.compile(
    r"(?i:r\$|us\$|a\$|c\$|mx\$|[$€£¥₹₩]|\b(?:brl|usd|eur|gbp|jpy|aud|cad|chf|mxn|inr)\b"
    r"|\b(?:dollars?|euros?|pounds?|bucks|reais|real|d[oó]lares|d[oó]lar|pesos?)\b)"
)
MOST_MONEY = 1e15
WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty",
    "pt": "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis "
    "dezessete dezoito dezenove vinte",
}
NUMBER_WORDS: dict[str, dict[str, int]] = {
    language: {word: number for number, word in enumerate(words.split())} for language, words in WORDS.items()
}
NUMBER_WORDS["pt"] |= {"uma": 1, "duas": 2, "catorze": 14, "meia": 6}

YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "1",
        "sim",
        "s",
        "si",
        "oui",
        "ja",
        "da",
        "ok",
        "okay",
        "yeah",
        "yep",
        "yup",
        "sure",
        "confirm",
        "confirmed",
        "accept",
        "accepted",
        "agree",
        "agreed",
        "of-course",
        "certainly",
        "absolutely",
        "yes-please",
        "claro",
        "com-certeza",
        "sim-por-favor",
        "claro-que-sim",
        "isso",
        "confirmo",
        "aceito",
        "quero",
        "positivo",
        "verdadeiro",
        "correct",
        "right",
        "certo",
        "correto",
    ]
)
NO = frozenset(
    [
        "no",
        "n",
        "false",
        "0",
        "nao",
        "nein",
        "non",
        "net",
        "nope",
        "nah",
        "cancel",
        "cancelled",
        "deny",
        "denied",
        "reject",
        "rejected",
        "decline",
        "declined",
        "disagree",
        "no-thanks",
        "no-thank-you",
        "not-now",
        "nao-obrigado",
        "nao-obrigada",
        "negativo",
        "falso",
        "cancelar",
        "recuso",
        "nunca",
    ]
)


def number_word(text: str, settings_language: str) -> int | None:
    """The number that a single word names, in the bot's language or English."""
    word = plain_words(text)
    for language in (settings_language, "en"):
        number = NUMBER_WORDS.get(language, {}).get(word)
        if number is not None:
            return number
    return None


def read_number(text: str, mark: str, *, decimals: bool) -> str:
    """A number as people write it, as Python reads it: ``1.234,50`` -> ``1234.50``.

    :param mark: the language's decimal sign.
    :param decimals: three digits after the language's decimal sign are decimals; False: they are a group.
    :raises Unacceptable: it is no number, or groups its digits oddly.
    """
    if len(text) > LONGEST:
        raise Unacceptable
    text = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    text = SPACES.sub("", re.sub(r"^([+-])\s+", r"\1", text)).rstrip(".,")
    match = DIGITS.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise Unacceptable
    sign, whole, tail = match.groups()
    marks = [char for char in tail if char in ".,"]
    groups = re.split("[.,]", tail)[1:]
    if not marks:
        return f"{sign}{whole}"
    if len(set(marks)) == 2:
        if marks[-1] in marks[:-1]:
            raise Unacceptable
        return f"{sign}{ungrouped(whole, groups[:-1])}.{groups[-1]}"
    if len(marks) > 1:
        return f"{sign}{ungrouped(whole, groups)}"
    grouping = len(groups[0]) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    if grouping and not (decimals and marks[0] == mark):
        return f"{sign}{whole}{groups[0]}"
    return f"{sign}{whole or '0'}.{groups[0]}"


def ungrouped(whole: str, groups: list[str]) -> str:
    """The digits without their separators: groups of three, or of two before the last one (lakh, crore)."""
    fits = bool(groups) and len(groups[-1]) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    widths = {len(group) for group in groups[:-1]}
    if not fits or not (widths <= {3} or widths <= {2}):
        raise Unacceptable
    return whole + "".join(groups)


def integer(asked: Asked) -> int:
    """A whole number within 64 bits; ``3.5`` is refused, ``1,234`` is 1234."""
    word = number_word(asked.text, language_of(asked.settings))
    if word is not None:
        return word
    whole, _, fraction = read_number(asked.text, decimal_mark(asked.settings), decimals=False).partition(".")
    if fraction.strip("0"):
        raise Unacceptable
    number = int(whole)
    if not INTEGER_MIN <= number <= INTEGER_MAX:
        raise Unacceptable
    return number


def floating(asked: Asked) -> float:
    """A number with or without decimals, kept as precise as it was written."""
    word = number_word(asked.text, language_of(asked.settings))
    if word is not None:
        return float(word)
    return float(read_number(asked.text, decimal_mark(asked.settings), decimals=True))


def money(asked: Asked) -> float:
    """An amount from 0 up, currency signs and names removed, to the cent."""
    if len(asked.text) > LONGEST:
        raise Unacceptable
    text = SYMBOLS.sub(" ", asked.text).strip()
    word = number_word(text, language_of(asked.settings))
    amount = (
        float(read_number(text, decimal_mark(asked.settings), decimals=False))
        if word is None
        else float(word)
    )
    if amount < 0 or text.startswith("-") or amount > MOST_MONEY:
        raise Unacceptable
    return round(amount, 2)


def boolean(asked: Asked) -> bool:
    """Yes or no, in several languages."""
    if len(asked.text) > LONGEST:
        raise Unacceptable
    thumb = asked.text[:1]
    if thumb in ("👍", "✅"):
        return True
    if thumb in ("👎", "❌"):
        return False
    answer = plain_words(asked.text).replace(" ", "-")
    if answer in YES:
        return True
    if answer in NO:
        return False
    raise Unacceptable
