"""How a function of the language is declared.

A function is a Python function whose first parameter is the run. Its further parameters give the fewest and
most arguments. The first paragraph of its docstring is the description in the reference; an example of its
use with the result stands in a line like ``Example: LEFT("Trunkline", 5) -> "Trunk"``.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Call = TypeVar("Call", bound=Callable[..., Any])
MANY = 100  # arguments of a variadic function
EXAMPLE = re.compile(r"Example: (.+) -> (.+)")


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
    :param aliases: its other names, upper case.
    :param example: an expression that calls it.
    :param gives: the example's value: a text in quotes, an array or object as JSON, else as TALK prints it.
    """

    name: str
    low: int
    high: int
    call: Callable[..., Any]
    result: str
    description: str
    parameters: str = ""
    area: str = ""
    aliases: tuple[str, ...] = ()
    example: str = ""
    gives: str = ""

    @property
    def signature(self) -> str:
        """How it is called: ``LEFT(text, count)``."""
        return f"{self.name}({self.parameters})"


DECLARED: dict[str, Function] = {}


def function(*names: str, result: str) -> Callable[[Call], Call]:
    """Declare a function of the language under these names (upper case, the first is canonical)."""

    def declare(call: Call) -> Call:
        low, high, parameters = arity(call)
        description, example, gives = described(inspect.getdoc(call) or "")
        declared = Function(
            name=names[0],
            low=low,
            high=high,
            call=call,
            result=result,
            description=description,
            parameters=parameters,
            area=call.__module__.rsplit(".", 1)[-1],
            aliases=names[1:],
            example=example,
            gives=gives,
        )
        for name in names:
            if name.casefold() in DECLARED:
                raise ValueError(f"function {name} is declared twice")
            DECLARED[name.casefold()] = declared
        return call

    return declare


def described(docstring: str) -> tuple[str, str, str]:
    """The first paragraph of a docstring as one line, and its example with the result."""
    description = docstring.partition("\n\n")[0].replace("\n", " ")
    example = EXAMPLE.search(docstring)
    return description, example[1] if example else "", example[2] if example else ""


def arity(call: Callable[..., Any]) -> tuple[int, int, str]:
    """Fewest and most arguments besides the run, and their names, the optional ones in nested brackets."""
    low = high = 0
    required: list[str] = []
    optional = ""
    for parameter in reversed(list(inspect.signature(call).parameters.values())[1:]):
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            high = MANY
            optional = "[, …]"
        elif parameter.default is inspect.Parameter.empty:
            low += 1
            required.insert(0, parameter.name)
        else:
            high += 1
            optional = f"[, {parameter.name}{optional}]"
    text = ", ".join(required) + optional
    return low, min(low + high, MANY), text if required else text.replace("[, ", "[", 1)
