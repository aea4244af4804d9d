"""The tables of the reference, made from the code: ``make docs`` writes them, a test finds them stale.

A page is written by hand, but for what stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import inspect
import re
import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from core import bots, hookspecs, scene
from docs.descriptions import KEYS, NAMES, PATHS, TOGETHER
from gateway.checking import check_paths
from gateway.plugins import keyword_table
from interpreter.effects import Answer, Limits, Settings
from interpreter.forms import shown_form
from interpreter.functions import AREAS, FUNCTIONS
from interpreter.hearing import validate
from interpreter.hearing.types import ALIASES, NOT_BUILT
from interpreter.parser.codes import ERRORS, WARNINGS
from interpreter.values import to_text

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
BROKEN = ROOT / "tests" / "golden" / "authors"
REGION = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
AUTHORS = {
    "beginner": "Somebody who has never programmed",
    "visual-basic": "Somebody who knows Visual Basic",
    "qbasic": "Somebody who knows QBasic",
    "python": "Somebody who knows Python",
    "javascript": "Somebody who knows JavaScript",
    "llm": "A language model",
    "prose": "Instructions instead of a script",
}
ANSWERS = {
    "text": ("Hello there",), "email": ("Ana@Example.com",), "name": ("ana maria",), "integer": ("1,200", "twelve"),
    "float": ("2,5",), "money": ("R$ 1.250,50", "$12"), "boolean": ("yes", "não"),
    "date": ("31/12/2025", "tomorrow", "March 3, 2026"), "hour": ("3 pm",), "mobile": ("+55 11 98765-4321",),
    "zipcode": ("01310100",), "language": ("português",), "cpf": ("52998224725",), "cnpj": ("11222333000181",),
    "url": ("example.com/menu",), "uuid": ("6BA7B810-9DAD-11D1-80B4-00C04FD430C8",), "color": ("red", "#abc"),
}  # fmt: skip
"""Answers whose values the table of HEAR types shows."""


def page(path: Path) -> str:
    """The page as it ought to be."""
    return REGION.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}\n{found[3]}", path.read_text("utf-8"))


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


# --- the language -------------------------------------------------------------------------------------------


def keywords() -> str:
    rows = []
    for keyword in sorted(keyword_table(), key=lambda keyword: keyword.phrase):
        forms = " or ".join(_code(f"{keyword.phrase} {shown_form(form)}".strip()) for form in keyword.forms)
        rows.append((forms, "yes" if keyword.result else "", keyword.description))
    return _table(("written", "gives a value", "what it does"), rows)


def functions() -> str:
    parts = []
    for area in AREAS:
        title = (inspect.getdoc(area) or "").split("\n")[0].partition(".")[0]
        name = area.__name__.rsplit(".", 1)[-1]
        rows = [
            (
                _code(function.signature),
                ", ".join(map(_code, function.aliases)),
                function.description,
                f"{_code(function.example)} is {_code(function.gives)}",
            )
            for key, function in FUNCTIONS.items()
            if function.area == name and key == function.name.casefold()
        ]
        parts.append(f"### {title}\n\n" + _table(("function", "also", "gives", "for example"), rows))
    return "\n\n".join(parts)


def types() -> str:
    rows = []
    for kind, aliases in ALIASES.items():
        if kind not in NOT_BUILT:
            examples = "; ".join(f"“{text}” → {_code(_heard(kind, text))}" for text in ANSWERS.get(kind, ()))
            rows.append((", ".join(map(_code, aliases)), examples or NOTES[kind]))
    return _table(("type", "an answer and its value"), rows)


NOTES = {
    "creditcard": "a card number; kept secret, prints as `4111 **** **** 1111`",
    "password": "at least 8 characters; kept secret",
    "menu": 'one of the choices: `HEAR x AS "Yes", "No"`',
    "file": "a file: an object with `url`, `filename`, `mime` and `size`; where it could not be fetched, `url` is null"
    " and `reason` says why",
    "document": "a document or PDF, as for FILE",
    "image": "a picture, as for FILE",
    "audio": "a recording, as for FILE",
    "video": "a film, as for FILE",
}


def _heard(kind: str, text: str) -> str:
    value = validate(kind, Answer(text), options=(), open_menu=False, settings=Settings(), now=NOW)
    return to_text(value)


def names() -> str:
    return _table(("name", "value"), ((_code(name), text) for name, text in NAMES.items()))


def paths() -> str:
    """Every path that GET reads, in the order of the code."""
    later = {path for others in TOGETHER.values() for path in others}
    rows = [
        (", ".join(map(_code, (path, *TOGETHER.get(path, ())))), PATHS[path])
        for path in scene.FIELDS
        if path not in later
    ]
    return _table(("path", "value"), rows)


def limits() -> str:
    what = {
        "units": "units of work between two questions (a loop's turn, a call, a large value); `script-budget` sets it",
        "string": "characters of a text", "array": "items of an array", "nesting": "levels of arrays and objects",
        "call_depth": "calls inside one another", "talks": "TALKs between two questions",
        "variables": "bytes of all variables of a session as JSON; `session-variable-limit` sets it",
    }  # fmt: skip
    limits = Limits()
    return _table(("most", "of what"), ((f"{getattr(limits, name):,}", text) for name, text in what.items()))


def config() -> str:
    defaults = bots.BotSettings()
    rows = []
    for key, read in bots.READERS.items():
        default = _written(getattr(defaults, key.replace("-", "_")))
        rows.append((_code(key), KEYS[key], _code(default if _takes(read, default) else ""), _range(read)))
    return _table(("key", "what it is", "default", "value"), rows)


def _takes(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _written(default: object) -> str:
    """A default as it would stand in the file."""
    if isinstance(default, tuple):
        return ";".join(default)
    return f"{default:g}" if isinstance(default, float) else str(default)


def _range(read: Callable[[str], object]) -> str:
    """What a key takes, in the words with which it refuses anything else."""
    try:
        read("\x00 no such value")
    except ValueError as error:
        return str(error).removeprefix("must be ")
    return "a list, separated by `;`" if read is bots.listing else "text"


# --- errors -------------------------------------------------------------------------------------------------


def codes() -> str:
    rows = [(_code(code), "error", text) for code, text in ERRORS.items()]
    rows += [(_code(code), "warning", text.replace("``", "`")) for code, text in WARNINGS.items()]
    return _table(("code", "", "meaning"), rows)


def broken_scripts() -> str:
    parts = []
    for author, title in AUTHORS.items():
        parts.append(f"## {title}")
        for path in sorted(BROKEN.glob(f"{author}-*.bas")):
            parts.append(
                f"```basic\n{path.read_text('utf-8')}```".replace("```basic\n```basic", "````basic\n```basic")
            )
            parts.append(f"````console\n$ trunkline check {path.name}\n{_checked(path)}\n````")
    return "\n\n".join(parts)


def _checked(path: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:  # alone: other scripts beside it would count as its own
        script = Path(folder) / path.name
        script.write_bytes(path.read_bytes())
        (report,) = check_paths([script], lambda _: keyword_table())
    return "\n".join(finding.render(report.source, path.name) for finding in report.findings)


# --- plugins and settings -----------------------------------------------------------------------------------


def hooks() -> str:
    return "\n\n".join(_hook(name) for name in hook_names())


def hook_names() -> list[str]:
    return [
        name for name, _ in inspect.getmembers(hookspecs, inspect.isfunction) if name.startswith("register_")
    ]


def signature(name: str) -> str:
    """``register_stores(settings: Mapping[str, Any]) -> Mapping[str, Callable[..., Any]]``."""
    return f"{name}{inspect.signature(getattr(hookspecs, name))}".replace("'", "")


def _hook(name: str) -> str:
    text = (inspect.getdoc(getattr(hookspecs, name)) or "").replace("``", "`")
    text = re.sub(r"^:param (\w+): ", r"- `\1`: ", text, flags=re.M)
    text = re.sub(r"^:returns: ", "- returns ", text, flags=re.M)
    text = re.sub(r"^:raises (\w+): ", r"- raises `\1`: ", text, flags=re.M)
    text = re.sub(r"^::$", "```python", text, flags=re.M)
    return f"## {name}\n\n```python\n{signature(name)}\n```\n\n{text}"


def settings() -> str:
    return f"```yaml\n{(ROOT / 'plugins.yaml').read_text('utf-8')}```"


PARTS: dict[str, Callable[[], str]] = {
    "keywords": keywords, "functions": functions, "types": types, "names": names, "paths": paths,
    "limits": limits, "config": config, "codes": codes, "broken-scripts": broken_scripts,
    "hooks": hooks, "settings": settings,
}  # fmt: skip


def pages() -> list[Path]:
    """The pages that have generated parts."""
    return [path for path in sorted(REFERENCE.glob("*.md")) if REGION.search(path.read_text("utf-8"))]


def main() -> None:
    for path in pages():
        path.write_text(page(path), "utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
