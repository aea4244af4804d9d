"""Values: their types, and everything that generated code does with them.

Operators that can make a value longer take the run (``Runtime``) first: to charge it, and for its limits.
Errors are BasicError with a text for the author; a limit is BudgetError.
"""

from interpreter.values.comparing import (
    between,
    contains,
    ends_with,
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    like,
    not_equal,
    numeric,
    order,
    starts_with,
    truthy,
)
from interpreter.values.members import get_index, get_member, iterate, length, set_index, set_member
from interpreter.values.methods import METHODS, call_method
from interpreter.values.operators import (
    add,
    bounded,
    concat,
    divide,
    modulo,
    multiply,
    negate,
    plus,
    power,
    subtract,
)
from interpreter.values.plain import from_plain, to_plain
from interpreter.values.text import float_text, json_text, parse_number, printed, to_number, to_text
from interpreter.values.types import (
    INTEGER_MAX,
    INTEGER_MIN,
    LIST,
    MADE,
    Array,
    Date,
    DateTime,
    Duration,
    Record,
    RowSet,
    Runtime,
    Secret,
    Value,
    check_array,
    check_record,
    check_string,
    new_record,
    type_name,
    with_article,
)

__all__ = (
    "INTEGER_MAX", "INTEGER_MIN", "LIST", "MADE", "METHODS", "Array", "Date", "DateTime", "Duration",
    "Record", "RowSet", "Runtime", "Secret", "Value", "add", "between", "bounded", "call_method",
    "check_array", "check_record", "check_string", "concat", "contains", "divide", "ends_with", "equal",
    "float_text", "from_plain", "get_index", "get_member", "greater", "greater_equal", "iterate", "json_text",
    "length", "less", "less_equal", "like", "modulo", "multiply", "negate", "new_record", "not_equal",
    "numeric", "order", "parse_number", "plus", "power", "printed", "set_index", "set_member", "starts_with",
    "subtract", "to_number", "to_plain", "to_text", "truthy", "type_name", "with_article",
)  # fmt: skip
