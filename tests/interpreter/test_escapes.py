"""Attempts to reach Python from a script: each is text, null, an error of the language, or does not compile."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from interpreter.errors import ReleaseError
from interpreter.helpers import HELPERS
from interpreter.program import compile_release
from tests.interpreter.dialogue_kit import KEYWORDS, play
from tests.interpreter.test_generated_code import check, generated

LEAKED = re.compile(
    r"<(class|module|function|built-in|bound|slot|code|frame|method|generator|traceback|object)|object at 0x"
    r"|interpreter\.|/site-packages/|Traceback|sk-canary",
    re.IGNORECASE,
)
DUNDERS = (
    "__class__", "__dict__", "__globals__", "__builtins__", "__init__", "__subclasses__", "__mro__", "__code__",
    "__import__", "__reduce__", "__getattribute__", "f_globals", "gi_frame", "tb_frame", "_text", "_folded", "stored",
)  # fmt: skip
FORMS = (
    "TALK x.{0}", 'TALK x["{0}"]', "TALK x?.{0}", "TALK x.{0}()", 'TALK GET "session.{0}"', 'TALK GET "x.{0}"',
    'SET "x.{0}" = 1\nTALK x.{0}', 'TALK "${{x.{0}}}"', "{0} = 1\nTALK {0}", "x.{0} = 5\nTALK x.{0}", "TALK {0}(x)",
    'TALK "a".{0}', "TALK [].{0}", "TALK NOW().{0}", 'WITH o\n.{0} = 1\nEND WITH\nTALK o', "CALL {0}",
    'TALK FROMJSON("{{\\"{0}\\": 1}}")',
)  # fmt: skip
BY_HAND = (
    'TALK "{0.__class__}"', 'TALK "{x!r}"', 'TALK "%(x)s %s %n"', 'TALK FORMAT("x", "{0.__class__}")',
    'TALK FORMAT(1, "{:>9999999999}")', 'TALK FORMAT(NOW(), "%c {0}")', 'TALK REPLACE("a", "a", "\\g<0>")',
    'TALK "a" LIKE "(?P<x>.)"', 'GET "other_session_id.var"', 'TALK GET "session.__dict__"', 'SET "session.id" = 1',
    'SET "session.user_id" = 1', 'TALK GET "user.__class__.__mro__"', 'TALK GET "bot.settings"',
    'TALK GET "x.0.__class__"',
    'TALK GET "config"', 'TALK GET CONFIG "identity-secret"', 'TALK GET "/etc/passwd"', 'TALK GET "../../etc/passwd"',
    'TALK GET "http://169.254.169.254/"', 'TALK GET "file:///etc/passwd"', 'CALL "../../etc/passwd"',
        'CALL "/bin/sh"',
    'CALL "os"', 'CALL "__main__"', "TALK ｘ.__ｃｌａｓｓ__", "TALK x.＿＿class＿＿", "ｅｖａｌ = 1\nTALK eval",
    "TALK eval(x)",
    "TALK exec(x)", "TALK open(x)", "TALK getattr(x, x)", "TALK vars()", "TALK lambda", "import = 1\nTALK import",
    "class = 1\nTALK class", "def = 1\nTALK def", "None = 1\nTALK None", "self = 1\nTALK self.R",
    "async = 1\nTALK async",
    "SUB __init__()\nTALK 1\nEND SUB\n__init__()", "FUNCTION type(x)\nRETURN x\nEND FUNCTION\nTALK type(1)",
    "GOTO __class__", "__class__:\nTALK 1", "FOR __class__ = 1 TO 2\nTALK __class__\nNEXT",
    'THROW {{"message": x, "number": "1"}}',
    "TRY\nTHROW 1\nCATCH e\nTALK e.__traceback__\nEND TRY", "TALK ERR.__class__", "TALK ERROR MESSAGE.__class__",
    'TALK x[1e400]', 'TALK x[NULL]', 'TALK x[x]', 'TALK x[TRUE]["__class__"]', 'TALK x.push.__self__',
    "x.append.__self__ = 1",
    'TALK FROMJSON("{{\\"$t\\": \\"secret\\", \\"v\\": 1}}")', 'TALK FROMJSON("{{\\"$r\\": 0}}")',
    'x = "\\x5f_class__"\nTALK x',
    "PARAM __class__ AS string\nTALK __class__", "TALK ${x}", "TALK `id`", "TALK $(id)", 'TALK "\0"',
    "DIM __dict__(5)\nTALK __dict__",
    'SEND MAIL "a", "b", "c", []', 'TALK JSON({{"__class__": 1}})',
    'o = {{"__proto__": {{"a": 1}}}}\nTALK o.a', "TALK @x", "TALK x->y",
)  # fmt: skip


def attempts() -> Iterator[str]:
    for form, name in itertools.product(FORMS, DUNDERS):
        yield 'x = {"a": 1}\n' + form.format(name)
    for text in BY_HAND:
        yield 'x = {"a": 1}\n' + text.replace("{{", "{").replace("}}", "}")


def outcome(source: str) -> list[str] | None:
    """What it says; None if it does not compile."""
    try:
        compile_release({"start": source}, KEYWORDS)
    except ReleaseError as refused:
        return [finding.message for error in refused.errors for finding in error.diagnostics]
    for module in generated(source):
        check(module)
    return play(source, "1", "2")


def test_there_are_many() -> None:
    assert len(list(attempts())) > 300


def test_none_of_them_gets_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUNKLINE_SECRET_KEY", "sk-canary")
    for source in attempts():
        for text in outcome(source) or []:
            assert not LEAKED.search(text), (source, text)


def test_a_missing_member_is_null_whatever_python_calls_it() -> None:
    for name in DUNDERS:
        assert play(f'x = {{"a": 1}}\nTALK "<" + x.{name} + ">"') == ["<>"]
        assert play(f'x = [1]\nTALK "<" + x["{name}"] + ">"') == ["<>"]


NAMES = [*HELPERS, "R", "ticks", "frame", "code", "block", "signal", "cells", "cell", "values", "depth",
"error", "v0",
         "n0", "w1", "p0", "p1", "t1_0", "f0_0", "print", "exec", "globals", "id"]  # fmt: skip


@pytest.mark.parametrize("name", [name.casefold() for name in NAMES])
def test_the_names_of_generated_code_are_free_for_scripts(name: str) -> None:
    for source, said in (
        (f"{name} = 7\nTALK {name}", ["7"]),
        (f"SUB {name}(a)\nTALK a\nEND SUB\nCALL {name}(7)", ["7"]),
        (f"FUNCTION q({name})\nRETURN {name} + 1\nEND FUNCTION\nTALK q(6)", ["7"]),
        (f"FOR {name} = 7 TO 7\nHEAR x\nTALK {name}\nNEXT", ["7"]),
    ):
        try:
            compile_release({"start": source}, KEYWORDS)
        except ReleaseError:
            continue  # a word of the language: refused with a message
        assert play(source, "x") == said, source
