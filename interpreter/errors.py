"""Errors of the language.

BasicError          a script's own error: line, column, message, hint; ON ERROR and TRY can catch it
└── BudgetError     a limit was exceeded: never caught by a script; the step is discarded
CompileError        a script does not compile: carries every Diagnostic found
ReleaseError        a bot's scripts do not compile: their CompileErrors
SnapshotError       stored bytes are not a snapshot that this version can read
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding about a script.

    ``code`` is a stable hyphenated word (``unknown-name``, ``unsupported-keyword``, ``not-a-script`` …).
    ``line`` and ``column`` count from 1; line 0: it is about the whole bot.
    """

    severity: Literal["error", "warning"]
    code: str
    message: str
    line: int
    column: int
    hint: str = ""

    def render(self, source: str, path: str) -> str:
        """The finding with its line and a caret below the column, as a person reads it."""
        if not self.line:
            report = f"{self.severity}: {self.message} [{self.code}]"
            return f"{report}\n  hint: {self.hint}" if self.hint else report
        lines = source.splitlines()
        text = lines[self.line - 1] if 0 < self.line <= len(lines) else ""
        gutter = f"{self.line:>5} | "
        shown = text.replace("\t", " ")
        caret = " " * (len(gutter) + self.column - 1) + "^"
        where = f"{path}:{self.line}:{self.column}"
        report = f"{where}: {self.severity}: {self.message} [{self.code}]\n{gutter}{shown}\n{caret}"
        return f"{report}\n  hint: {self.hint}" if self.hint else report


class CompileError(Exception):
    """A script does not compile.

    :param name: the script's file stem.
    :param diagnostics: its errors, and warnings found on the way, in order of position.
    """

    def __init__(self, name: str, diagnostics: list[Diagnostic]) -> None:
        self.name = name
        self.diagnostics = diagnostics
        errors = [d for d in diagnostics if d.severity == "error"]
        super().__init__("; ".join(f"{name}.bas:{d.line}:{d.column}: {d.message}" for d in errors))


class ReleaseError(Exception):
    """A bot's scripts do not compile: one CompileError for each that does not."""

    def __init__(self, errors: list[CompileError]) -> None:
        self.errors = errors
        super().__init__("; ".join(str(error) for error in errors))


@dataclass(eq=False)
class BasicError(Exception):
    """An error at run time that a script can catch.

    ``number`` by class (1xxx network, 2xxx data, 3xxx file, 4xxx validation, 5xxx auth,
    9xxx system; 1 for a plain error). ``code``: an ``E_…`` word for logs and tests. ``trace`` names
    ``script:line`` of each frame, innermost first; ``column`` is the place in the innermost line, from 1,
    0 if only the statement is known.
    """

    message: str
    number: int = 1
    code: str = "E_RUNTIME"
    hint: str = ""
    trace: list[tuple[str, int]] = field(default_factory=list)
    column: int = 0

    def __str__(self) -> str:
        return self.message

    def render(self, sources: Mapping[str, str], path_of: Callable[[str], str] = "{}.bas".format) -> str:
        """The error as a script's author reads it: the line with a caret, then who called it.

        :param sources: texts by script name.
        :param path_of: how a script is named.
        """
        report = [f"error: {self.message} [{self.code}]"]
        for depth, (script, number) in enumerate(self.trace):
            where = "at" if depth == 0 else "called at"
            report.append(f"  {where} {path_of(script)}:{number}")
            lines = sources.get(script, "").splitlines()
            if 0 < number <= len(lines):
                text = lines[number - 1].replace("\t", " ")
                report.append(f"{number:>7} | {text}")
                if depth == 0:
                    before = self.column - 1 if self.column else len(text) - len(text.lstrip())
                    report.append(" " * (10 + before) + "^")
        if self.hint:
            report.append(f"  hint: {self.hint}")
        return "\n".join(report)


def unavailable(phrase: str) -> BasicError:
    """The error of a keyword that is part of the language and answered by nobody here."""
    return BasicError(
        f"{phrase} is not available in this bot", 9002, "E_UNAVAILABLE", "a plugin can bring it"
    )


class BudgetError(BasicError):
    """A limit of ``effects.Limits`` was exceeded; ``code`` is ``E_BUDGET_…`` or ``E_VARS_LIMIT``."""


class SnapshotError(Exception):
    """Stored bytes cannot be decoded: corrupt, or written by a newer version."""
