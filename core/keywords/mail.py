"""Messages to people other than the one in the conversation: mail, SMS, templates."""

from __future__ import annotations

from core.keywords.declared import declared

_MAIL = (
    "recipient , subject , body [(, | ATTACHMENT | ATTACHMENTS) attachments]",
    "recipient , body",
)
_TEMPLATE = ("recipient , template [, variables]", "template , channels , recipient , variables")

KEYWORDS = (
    declared("SEND MAIL", *_MAIL, description="Sends an e-mail; BEGIN MAIL writes it over several lines."),
    declared("SEND EMAIL", *_MAIL, description="The same as SEND MAIL."),
    declared("SEND SMS", "phone , text [, provider [, priority]]", description="Sends an SMS."),
    declared("SEND TEMPLATE", *_TEMPLATE, description="Sends a message made from a template."),
    declared("SEND TEMPLATE TO", *_TEMPLATE, description="The same as SEND TEMPLATE."),
    declared("CREATE TEMPLATE", "name [, values ...]", description="Keeps a template."),
    declared("GET TEMPLATE", "name", description="A template by its name."),
    declared("TALK TO", "recipient , message", result=False, description="Says something to somebody else."),
    declared("SEND TO", "recipient , message", result=False, description="The same as TALK TO."),
    declared(
        "BROADCAST",
        "message (TO | ,) recipients:name",
        description="Says something to everybody on a list.",
    ),
)
