"""CPF, CNPJ, UUID, COLOR, CREDITCARD and PASSWORD."""

from __future__ import annotations

import re
import uuid as uuids

from interpreter.hearing.locale import fold
from interpreter.hearing.types import Asked, Unacceptable
from interpreter.values import Secret

COLORS = {
    "#FF0000": "red vermelho", "#00FF00": "lime lima", "#008000": "green verde", "#0000FF": "blue azul",
    "#FFFF00": "yellow amarelo", "#FFA500": "orange laranja", "#800080": "purple roxo",
    "#FFC0CB": "pink rosa",
    "#A52A2A": "brown marrom castanho", "#000000": "black preto", "#FFFFFF": "white branco",
    "#808080": "gray grey cinza", "#00FFFF": "cyan ciano aqua", "#FF00FF": "magenta fuchsia",
    "#000080": "navy marinho", "#FFD700": "gold dourado", "#C0C0C0": "silver prata",
}  # fmt: skip
COLOR_NAMES = {name: code for code, names in COLORS.items() for name in names.split()}
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1000


def cpf(asked: Asked) -> str:
    """A CPF with right check digits, as ``123.456.789-09``."""
    digits = re.sub(r"[\s.\-]", "", asked.text)
    if len(asked.text) > 30 or len(set(digits)) < 2:  # 111.111.111-11 has right check digits, and is none
        raise Unacceptable
    from stdnum.br import cpf as number  # noqa: PLC0415 - slow to import

    if not number.is_valid(digits):
        raise Unacceptable
    return str(number.format(digits))


def cnpj(asked: Asked) -> str:
    """A CNPJ with right check digits, letters included, as ``12.345.678/0001-95``."""
    text = re.sub(r"[\s.\-/]", "", asked.text).upper()
    if len(asked.text) > 30 or len(set(text)) < 2:
        raise Unacceptable
    from stdnum.br import cnpj as number  # noqa: PLC0415 - slow to import

    if not number.is_valid(text):
        raise Unacceptable
    return str(number.format(text))


def uuid(asked: Asked) -> str:
    """A UUID in its canonical form."""
    text = asked.text.strip("{}").removeprefix("urn:uuid:")
    if not re.fullmatch(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}", text):
        raise Unacceptable
    return str(uuids.UUID(text))


def color(asked: Asked) -> str:
    """``#RRGGBB`` from a name, ``#rgb``, ``#rrggbb`` or ``rgb(r, g, b)``."""
    text = fold(asked.text)
    if len(text) > 30:
        raise Unacceptable
    if text in COLOR_NAMES:
        return COLOR_NAMES[text]
    match = re.fullmatch(r"#?([0-9a-f]{3}|[0-9a-f]{6})", text)
    if match:
        digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
        return f"#{digits.upper()}"
    match = re.fullmatch(r"rgb ?\( ?(\d{1,3}) ?, ?(\d{1,3}) ?, ?(\d{1,3}) ?\)", text, re.ASCII)
    if match and all(int(part) <= 255 for part in match.groups()):
        return "#" + "".join(f"{int(part):02X}" for part in match.groups())
    raise Unacceptable


def creditcard(asked: Asked) -> Secret:
    """13 to 19 digits with a right check digit, as a secret that prints as ``4111 **** **** 1111``."""
    from stdnum import luhn  # noqa: PLC0415 - slow to import

    digits = re.sub(r"[\s\-]", "", asked.text)
    if not re.fullmatch(r"\d{13,19}", digits, re.ASCII) or len(set(digits)) < 2 or not luhn.is_valid(digits):
        raise Unacceptable
    hidden = "*" * (len(digits) - 8)
    groups = [hidden[start : start + 4] for start in range(0, len(hidden), 4)]
    return Secret(digits, shown=" ".join((digits[:4], *groups, digits[-4:])))


def password(asked: Asked) -> Secret:
    """At least 8 characters, exactly as typed, as a secret."""
    if not SHORTEST_PASSWORD <= len(asked.answer.text) <= LONGEST_PASSWORD or not asked.text:
        raise Unacceptable
    return Secret(asked.answer.text)
