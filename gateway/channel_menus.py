"""What ``check --channels`` adds: menus that a channel shows as numbered text instead of buttons or a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.messages import Capabilities, Option
from core.rendering import fits_buttons, fits_rows
from interpreter import tree
from interpreter.errors import Diagnostic
from interpreter.walk import statements_of


def menu_warnings(script: tree.Script, channels: Mapping[str, Capabilities]) -> Iterator[Diagnostic]:
    """A warning for each menu and channel that do not fit.

    :param channels: by name; those that read the log show every menu as it is.
    """
    for hear in _menus(script):
        options = _options(hear)
        for name, capabilities in channels.items():
            if capabilities.reply != "push" or not options:
                continue
            if not fits_buttons(options, capabilities) and not fits_rows(options, capabilities):
                message = f"{name} shows this menu as numbered text: {_why(options, capabilities)}"
                yield Diagnostic(
                    severity="warning",
                    code="menu-as-text",
                    message=message,
                    line=hear.line,
                    column=hear.column,
                    hint=_what_fits(capabilities),
                )


def _menus(script: tree.Script) -> Iterator[tree.Hear]:
    for statement in statements_of(script):
        value = statement.value if isinstance(statement, tree.Assign | tree.SetPath) else statement
        if isinstance(value, tree.Hear) and value.kind == "menu":
            yield value


def _options(hear: tree.Hear) -> list[Option]:
    """The choices that are written out; none if one is worked out when the script runs."""
    titles = [option.value for option in hear.options if isinstance(option, tree.Literal)]
    if len(titles) != len(hear.options):
        return []
    return [Option(id=str(number), title=str(title)) for number, title in enumerate(titles, 1)]


def _why(options: Sequence[Option], capabilities: Capabilities) -> str:
    most = max(capabilities.buttons, capabilities.rows)
    if not most:
        return "it has neither buttons nor lists"
    if len(options) > most:
        return f"it has {len(options)} choices"
    longest = max(options, key=lambda option: len(option.title)).title
    return f"“{longest}” has {len(longest)} characters"


def _what_fits(capabilities: Capabilities) -> str:
    kinds = []
    if capabilities.buttons:
        kinds.append(f"{capabilities.buttons} buttons of {capabilities.button_title} characters")
    if capabilities.rows:
        kinds.append(f"a list of {capabilities.rows} rows of {capabilities.row_title} characters")
    fits = f"There is room for {' or '.join(kinds)}; " if kinds else ""
    return f"{fits}numbered text works as well"
