"""EMAIL, NAME, MOBILE, URL, ZIPCODE and LANGUAGE."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from types import ModuleType
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from interpreter.formatting import locale_of
from interpreter.hearing.locale import fold, region_of
from interpreter.hearing.types import Asked, Unacceptable

LONGEST_EMAIL = 320
LONGEST_URL = 2048
LONGEST_PHONE = 60
FEWEST_DIGITS = 10
SPOKEN = (
    (re.compile(r"\s+(?:at|arroba)\s+", re.IGNORECASE), "@"),
    (re.compile(r"\s+(?:dot|ponto)\s+", re.IGNORECASE), "."),
)
PHONE_TEXT = re.compile(r"[+\d\s().\-/\u2010-\u2015]+")
HOST_LABEL = re.compile(r"(?!-)[a-z0-9_\-]{1,63}(?<!-)")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?!\d)")
UK_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})")
COMMON_LANGUAGES = [
    "en",
    "pt",
    "es",
    "fr",
    "de",
    "it",
    "nl",
    "pl",
    "ru",
    "uk",
    "ja",
    "ko",
    "zh",
    "ar",
    "he",
    "hi",
    "tr",
    "sv",
    "da",
    "no",
    "fi",
    "cs",
    "el",
    "hu",
    "ro",
    "bg",
    "hr",
    "sk",
    "sl",
    "et",
    "lv",
    "lt",
    "vi",
    "th",
    "id",
    "ms",
    "ca",
    "gl",
    "eu",
    "fa",
    "ur",
    "bn",
    "ta",
    "te",
    "sw",
    "af",
    "sq",
    "sr",
    "mk",
    "is",
    "ga",
    "cy",
]


def email(asked: Asked) -> str:
    """An address in lower case. Its form is checked, not whether it exists."""
    text = asked.text
    if len(text) > LONGEST_EMAIL + 20:
        raise Unacceptable
    text = re.sub(r"^<|>$|^mailto:|[,;.!]+$", "", re.sub(r"^<|>$", "", text), flags=re.IGNORECASE).strip()
    if "@" not in text:
        for pattern, sign in SPOKEN:
            text = pattern.sub(sign, text)
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - slow to import

    try:
        checked = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Unacceptable from None
    return checked.normalized.lower()


def name(asked: Asked) -> str:
    """2 to 100 letters, blanks, hyphens and apostrophes; each word begins with a capital."""
    text = unicodedata.normalize("NFC", " ".join(asked.text.split()))
    if not 2 <= len(text) <= 100 or sum(char.isalpha() for char in text) < 2:
        raise Unacceptable
    if not all(char.isalpha() or char in " -'’." or unicodedata.category(char)[0] == "M" for char in text):
        raise Unacceptable
    return re.sub(r"[^\W\d_]+", _capitalised, text)


def _capitalised(match: re.Match[str]) -> str:
    """``DOE`` and ``doe`` become ``Doe``; ``McDonald`` stays."""
    word = match.group()
    if word.islower() or word.isupper():
        return word[0].upper() + word[1:].lower()
    return word[0].upper() + word[1:]


def mobile(asked: Asked) -> str:
    """A telephone number in international form (E.164: ``+5511999998888``).

    Without a country code it is one of the bot's region.
    """
    text = asked.text.removeprefix("whatsapp:").removeprefix("tel:").strip()
    if len(text) > LONGEST_PHONE:
        raise Unacceptable
    import phonenumbers  # noqa: PLC0415 - slow to import

    region = region_of(asked.settings)
    read = _parse_phone if PHONE_TEXT.fullmatch(text) else _find_phone
    number = read(phonenumbers, text, region)
    if number is None:
        raise Unacceptable
    written = sum(char.isdigit() for char in text)
    if written < FEWEST_DIGITS and not phonenumbers.is_valid_number(number):  # its area code is missing
        raise Unacceptable
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parse_phone(phonenumbers: ModuleType, text: str, region: str) -> Any:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    possible = (
        phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    )
    return number if possible else None


def _find_phone(phonenumbers: ModuleType, text: str, region: str) -> Any:
    """The one number in a sentence; letters are never read as digits."""
    found = [match.number for match in phonenumbers.PhoneNumberMatcher(text, region)]
    return found[0] if len(found) == 1 else None


def url(asked: Asked) -> str:
    """An ``http`` or ``https`` address; ``https://`` is put before one without a scheme."""
    text = re.sub(r"^<|>$", "", asked.text)
    if len(text) > LONGEST_URL or re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", text):
        raise Unacceptable
    if not SCHEME.match(text):
        text = f"https://{text.removeprefix('//')}"
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError:
        raise Unacceptable from None
    if parts.scheme.lower() not in ("http", "https") or parts.username is not None:
        raise Unacceptable
    netloc = host if port is None else f"{host}:{port}"
    return urlunsplit(SplitResult(parts.scheme.lower(), netloc, parts.path, parts.query, parts.fragment))


def _host(host: str) -> str:
    """A host name with a dot, an IP address, or localhost; non-ASCII names in their ASCII form."""
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    host = host.lower()
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(HOST_LABEL.fullmatch(label) for label in labels):
        raise ValueError(host)
    if labels[-1].isdigit():
        return str(ipaddress.IPv4Address(host))
    if len(labels) < 2 and host != "localhost":
        raise ValueError(host)
    return host


def zipcode(asked: Asked) -> str:
    """A postal code of Brazil (``01310-100``), the United States (``94103``, ``94103-1234``) or Britain."""
    text = asked.text.upper()
    if len(text) > 20:
        raise Unacceptable
    britain = UK_POSTCODE.fullmatch(text)
    if britain:
        return f"{britain[1]} {britain[2]}"
    if not re.fullmatch(r"[\d\s.\-]+", text, re.ASCII):
        raise Unacceptable
    digits = re.sub(r"\D", "", text)
    if len(digits) == 8:
        return f"{digits[:5]}-{digits[5:]}"
    if len(digits) == 9:
        return f"{digits[:5]}-{digits[5:]}"
    if len(digits) == 5:
        return digits
    raise Unacceptable


def language(asked: Asked) -> str:
    """A language's two letters, from its code or its name in English, in itself or in the bot's language."""
    text = fold(asked.text)
    if not 2 <= len(text) <= 40:
        raise Unacceptable
    code = text.replace("_", "-").split("-")[0]
    if re.fullmatch("[a-z]{2}", code) and code in locale_of("en").languages and len(text) <= 6:
        return code
    own = locale_of(asked.settings.language)
    for candidate in COMMON_LANGUAGES:
        speakers = (locale_of("en"), locale_of("pt"), own, locale_of(candidate))
        if text in {fold(speaker.languages.get(candidate, "")) for speaker in speakers}:
            return candidate
    raise Unacceptable
