"""What a person is told when an answer will not do, by type and language.

A bot replaces one by its key in ``settings.messages``: the type's name (``email``, ``menu``), for one language alone
with its letters behind (``email-pt``). ``{options}`` stands for a menu's labels; ours leave it out, since a menu that
is asked again is shown again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from interpreter.effects import Settings
from interpreter.hearing.locale import language_of

ENGLISH: Mapping[str, str] = {
    "text": "Please write an answer.",
    "email": "Please enter a valid e-mail address, for example ana@example.com.",
    "name": "Please enter your name: 2 to 100 letters.",
    "integer": "Please enter a whole number, for example 42.",
    "float": "Please enter a number, for example 3.5.",
    "money": "Please enter an amount, for example 1,234.50.",
    "boolean": "Please answer yes or no.",
    "date": "Please enter a date, for example {date}.",
    "hour": "Please enter a time of day, for example 14:30.",
    "mobile": "Please enter a telephone number with its area code.",
    "zipcode": "Please enter a valid postal code.",
    "language": "Please name a language, for example English or pt.",
    "cpf": "Please enter a valid CPF: 11 digits.",
    "cnpj": "Please enter a valid CNPJ: 14 characters.",
    "url": "Please enter a web address, for example https://example.com.",
    "uuid": "Please enter a valid UUID.",
    "color": "Please name a colour, for example red or #ff0000.",
    "creditcard": "Please enter a valid card number.",
    "password": "Please choose a password of at least 8 characters.",
    "menu": "Please choose one of these.",
    "file": "Please send a file.",
    "document": "Please send a document.",
    "image": "Please send a picture.",
    "audio": "Please send a voice message or a sound file.",
    "video": "Please send a video.",
}
PORTUGUESE: Mapping[str, str] = {
    "text": "Por favor, escreva uma resposta.",
    "email": "Por favor, informe um e-mail válido, por exemplo ana@example.com.",
    "name": "Por favor, informe seu nome: de 2 a 100 letras.",
    "integer": "Por favor, informe um número inteiro, por exemplo 42.",
    "float": "Por favor, informe um número, por exemplo 3,5.",
    "money": "Por favor, informe um valor, por exemplo 1.234,50.",
    "boolean": "Por favor, responda sim ou não.",
    "date": "Por favor, informe uma data, por exemplo {date}.",
    "hour": "Por favor, informe um horário, por exemplo 14:30.",
    "mobile": "Por favor, informe um telefone com DDD.",
    "zipcode": "Por favor, informe um CEP válido.",
    "language": "Por favor, informe um idioma, por exemplo português ou en.",
    "cpf": "Por favor, informe um CPF válido: 11 dígitos.",
    "cnpj": "Por favor, informe um CNPJ válido: 14 caracteres.",
    "url": "Por favor, informe um endereço da web, por exemplo https://example.com.",
    "uuid": "Por favor, informe um UUID válido.",
    "color": "Por favor, informe uma cor, por exemplo vermelho ou #ff0000.",
    "creditcard": "Por favor, informe um número de cartão válido.",
    "password": "Por favor, escolha uma senha de pelo menos 8 caracteres.",
    "menu": "Por favor, escolha uma destas opções.",
    "file": "Por favor, envie um arquivo.",
    "document": "Por favor, envie um documento.",
    "image": "Por favor, envie uma imagem.",
    "audio": "Por favor, envie uma mensagem de voz ou um áudio.",
    "video": "Por favor, envie um vídeo.",
}
TEXTS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "pt": PORTUGUESE}


def refusal(key: str, settings: Settings, details: Mapping[str, str]) -> str:
    """The text for ``key``: the bot's own for its language or for all, else ours in its language or English."""
    language = language_of(settings)
    own = settings.messages.get(f"{key}-{language}") or settings.messages.get(key)
    text = own or TEXTS.get(language, ENGLISH)[key]
    return re.sub(r"\{(\w+)\}", lambda match: details.get(match[1], match.group()), text)
