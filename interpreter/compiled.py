"""A release as the compiler leaves it: Python code objects and the facts about them, and all of it as bytes.

Bytes are for a cache beside the program that wrote them: they hold code that will run, and the format of another
version of Python or of the compiler is not recognised. Who keeps them must know that they are his own.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from types import CodeType
from typing import Any, NamedTuple

from interpreter.functions import FUNCTIONS
from interpreter.helpers import HELPERS
from interpreter.signals import Code, Point


class Parameter(NamedTuple):
    """A PARAM of a script. :param type: "string", "integer" … as it was declared."""

    name: str
    type: str


class CompiledUnit(NamedTuple):
    """:param function: its name in the code of its script. The others as in ``interpreter.signals.Code``."""

    procedure: str
    function: str
    parameters: tuple[str, ...]
    plain: bool
    points: tuple[Point, ...]
    handlers: Mapping[int, int]
    traps: Mapping[int, int]
    labels: Mapping[str, int]


class CompiledScript(NamedTuple):
    """:param functions: functions of the language that the code calls: name in the code -> key."""

    name: str
    code: CodeType
    functions: Mapping[str, str]
    units: tuple[CompiledUnit, ...]
    parameters: tuple[Parameter, ...]
    transient: frozenset[str]

    def link(self) -> dict[str, Code]:
        """Run the module, which defines its functions, and tie them to their points: code by procedure."""
        scope: dict[str, Any] = {"__builtins__": {}, **HELPERS}
        for local, key in self.functions.items():
            scope[local] = FUNCTIONS[key].call
        exec(self.code, scope)  # noqa: S102 - our own tree: see tests/interpreter/test_generated_code.py
        return {
            unit.procedure: Code(
                script=self.name,
                procedure=unit.procedure,
                parameters=unit.parameters,
                plain=unit.plain,
                call=scope[unit.function],
                points=unit.points,
                handlers=unit.handlers,
                traps=unit.traps,
                labels=unit.labels,
            )
            for unit in self.units
        }


class CompiledRelease(NamedTuple):
    """:param names: see ``interpreter.program.Release``."""

    scripts: tuple[CompiledScript, ...]
    names: frozenset[str] | None
    persistent: frozenset[str]
    transient: frozenset[str]


def dumps(release: CompiledRelease) -> bytes:
    scripts: Any = tuple(
        (*script[:3], tuple(map(tuple, script.units)), tuple(map(tuple, script.parameters)), script.transient)
        for script in release.scripts
    )
    return marshal.dumps((scripts, *release[1:]))


def loads(written: bytes) -> CompiledRelease:
    """What ``dumps`` wrote, in the same version of Python and of the compiler: anything else can end the process."""
    scripts, names, persistent, transient = marshal.loads(written)  # noqa: S302 - see above
    return CompiledRelease(
        tuple(
            CompiledScript(
                name,
                code,
                functions,
                tuple(CompiledUnit(*unit) for unit in units),
                tuple(Parameter(*parameter) for parameter in parameters),
                of_script,
            )
            for name, code, functions, units, parameters, of_script in scripts
        ),
        names,
        persistent,
        transient,
    )
