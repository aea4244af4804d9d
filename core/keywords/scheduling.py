"""Scripts that start by themselves: at a time, by a call from outside, by a mail."""

from __future__ import annotations

from core.keywords.declared import declared
from interpreter.keywords import Keyword


def declaring(phrase: str, *forms: str, description: str) -> Keyword:
    return Keyword(
        phrase=phrase, forms=forms, effect="outside", result=False, declares=True, description=description
    )


KEYWORDS = (
    declaring(
        "SET SCHEDULE",
        "schedule:text [(, script:name | script) [[,] argument]]",
        "schedule:text start , script:name",
        description="Runs this script, or another one, at a time: cron with 5 or 6 fields, or words.",
    ),
    declaring("WEBHOOK", "name:name", description="Runs this script when its address is called."),
    declaring(
        "ON EMAIL",
        "address [FROM sender] [SUBJECT subject]",
        description="Runs this script when a mail comes in.",
    ),
    declared("CREATE TASK", "title [, details ...]", description="Keeps a task for somebody; its id."),
    declared("BOOK", "title [, details ...]", description="Books an appointment; its id."),
    declared("WEATHER", "place", description="The weather at a place."),
)
