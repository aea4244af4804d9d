"""Keywords that are declared and that nobody answers here: scripts with them compile, using one is an error
of the run that ON ERROR and TRY can catch, and a plugin may declare them again with a handler.
"""

from __future__ import annotations

from interpreter.keywords import Keyword


def declared(phrase: str, *forms: str, description: str, result: bool = True) -> Keyword:
    """A keyword without a handler, that would be answered outside the step."""
    return Keyword(phrase=phrase, forms=forms, effect="outside", result=result, description=description)
