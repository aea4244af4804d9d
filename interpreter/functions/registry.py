"""How a function of the language is declared.

A function is a Python function whose first parameter is the run. Its further parameters give the fewest and
most arguments, its docstring's first sentence the description in the reference.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Call = TypeVar("Call", bound=Callable[..., Any])
MANY = 100  # arguments of a variadic function


@dataclass(frozen=True, slots=True)
class Function:
    """One built-in function.

    :param name: canonical, upper case. Aliases are entries of their own that name the same call.
    :param low: fewest arguments.
    :param high: most arguments.
    :param call: ``call(runtime, *arguments)``.
    :param result: what it gives: ``integer float number string boolean array object date duration any``.
    :param parameters: the arguments' names as the reference prints them: ``text, start[, length]``.
    :param area: the file that it is declared in: ``strings``, ``numbers`` …
    """

    name: str
    low: int
    high: int
    call: Callable[..., Any]
    result: str
    description: str
    parameters: str = ""
    area: str = ""


DECLARED: dict[str, Function] = {}


def function(*names: str, result: str) -> Callable[[Call], Call]:
    """Declare a function of the language under these names (upper case, the first is canonical)."""

    def declare(call: Call) -> Call:
        low, high, parameters = arity(call)
        description = (inspect.getdoc(call) or "").split("\n\n")[0].replace("\n", " ")
        area = call.__module__.rsplit(".", 1)[-1]
        for name in names:
            key = name.casefold()
            if key in DECLARED:
                raise ValueError(f"function {name} is declared twice")
            DECLARED[key] = Function(names[0], low, high, call, result, description, parameters, area)
        return call

    return declare


def arity(call: Callable[..., Any]) -> tuple[int, int, str]:
    """Fewest and most arguments besides the run, and their names with the optional ones in brackets."""
    low = high = 0
    text = ""
    for parameter in list(inspect.signature(call).parameters.values())[1:]:
        separator = ", " if text else ""
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            high = MANY
            text += f"{separator}…"
        elif parameter.default is inspect.Parameter.empty:
            low += 1
            high += 1
            text += f"{separator}{parameter.name}"
        else:
            high += 1
            text += f"[{separator}{parameter.name}]"
    return low, high, text
