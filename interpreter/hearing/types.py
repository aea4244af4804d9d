"""The types that HEAR can ask for: their names, and what a validator is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from interpreter.effects import Answer, Option, Settings, Value

ALIASES: Mapping[str, tuple[str, ...]] = {
    "text": ("ANY", "TEXT", "STRING"),
    "email": ("EMAIL", "MAIL"),
    "name": ("NAME",),
    "integer": ("INTEGER", "INT", "NUMBER"),
    "float": ("FLOAT", "DECIMAL", "DOUBLE"),
    "money": ("MONEY", "CURRENCY", "AMOUNT"),
    "boolean": ("BOOLEAN", "BOOL"),
    "date": ("DATE",),
    "hour": ("HOUR", "TIME"),
    "mobile": ("MOBILE", "PHONE", "TELEPHONE"),
    "zipcode": ("ZIPCODE", "ZIP", "CEP", "POSTALCODE"),
    "language": ("LANGUAGE", "LANG"),
    "cpf": ("CPF",),
    "cnpj": ("CNPJ",),
    "url": ("URL", "LINK"),
    "uuid": ("UUID", "GUID"),
    "color": ("COLOR", "COLOUR"),
    "creditcard": ("CREDITCARD", "CARD"),
    "password": ("PASSWORD", "PASS", "SECRET"),
    "menu": ("MENU",),
    "file": ("FILE",),
    "document": ("DOCUMENT", "DOC", "PDF"),
    "image": ("IMAGE", "PHOTO", "PICTURE"),
    "qrcode": ("QRCODE", "QR"),
    "audio": ("AUDIO", "VOICE", "SOUND"),
    "video": ("VIDEO",),
    "login": ("LOGIN", "AUTH"),
}
KINDS: dict[str, str] = {alias: kind for kind, aliases in ALIASES.items() for alias in aliases}
NOT_BUILT = {  # names that are known, and refused when a script is compiled, with what to do instead
    "qrcode": "HEAR x AS IMAGE takes the picture; a plugin can add a type QRCODE that reads its code",
    "login": "A page or channel that knows the person says who they are: see identity-secret in config.csv",
}
SECRET_KINDS = frozenset({"password", "creditcard"})  # the answer must not reach transcript or log in clear
LONGEST_ANSWER = 10_000  # characters that any validator other than text looks at


class Invalid(Exception):
    """The answer is not of the type asked for.

    :param text: what to tell the person, in the bot's language.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Unacceptable(Exception):
    """Raised inside a validator: the answer is refused with the text of its type.

    :param details: what stands for ``{name}`` in that text.
    """

    def __init__(self, **details: str) -> None:
        super().__init__()
        self.details = details


class Asked(msgspec.Struct, frozen=True):
    """One answer, and all that a validator may look at.

    :param text: the answer, stripped (passwords are not).
    :param moment: aware, in any zone.
    """

    text: str
    answer: Answer
    options: tuple[Option, ...]
    open_menu: bool
    settings: Settings
    moment: datetime

    @property
    def now(self) -> datetime:
        """In the bot's zone: few types ask for it."""
        return self.moment.astimezone(ZoneInfo(self.settings.timezone))


Validator = Callable[[Asked], Value]
