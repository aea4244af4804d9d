"""The built-in functions, one file an area.

A function is called with the run and its evaluated arguments. IIF and IF(c, a, b) are lazy, so not here.
"""

from collections.abc import Mapping

from interpreter.functions import arrays, conversion, dates, misc, numbers, rows, strings, tests
from interpreter.functions.registry import DECLARED, Function

FUNCTIONS: Mapping[str, Function] = DECLARED
AREAS = (strings, numbers, dates, arrays, rows, conversion, tests, misc)

__all__ = ("AREAS", "FUNCTIONS", "Function")
