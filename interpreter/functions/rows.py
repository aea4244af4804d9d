"""Functions on rows. Rows are arrays of objects, as FIND, JSON and CSV give them. No function changes its rows."""

from __future__ import annotations

import csv
import io
import re

import yaml

from interpreter.errors import BasicError
from interpreter.functions.arrays import average, copied, extreme, identity, need_array, total
from interpreter.functions.conditions import column_of, matcher
from interpreter.functions.registry import function
from interpreter.values import (
    Record,
    RowSet,
    Runtime,
    Value,
    check_array,
    check_record,
    check_string,
    json_text,
    new_record,
    printed,
    to_plain,
    to_text,
    with_article,
)
from interpreter.values import methods as method

_RENAMED = re.compile(r"\s*(?:->|=>|\bAS\b)\s*", re.IGNORECASE)


@function("FILTER", result="array")
def filtered(runtime: Runtime, rows: Value, condition: Value) -> list[Value]:
    """The rows that meet a condition, such as "status = 'open' AND total > 5".

    Example: FILTER([{n: 1}, {n: 2}], "n > 1") -> [{"n":2}]
    """
    test = matcher(runtime, condition)
    return RowSet(row for row in need_array(rows, "FILTER") if test(row))


@function("AGGREGATE", result="any")
def aggregate(runtime: Runtime, operation: Value, rows: Value, field: Value = None) -> Value:
    """SUM, AVG, COUNT, MIN or MAX of one field of the rows.

    Example: AGGREGATE("SUM", [{n: 1}, {n: 2}], "n") -> 3
    """
    if isinstance(operation, list):
        operation, rows = rows, operation
    name = to_text(operation).strip().upper()
    items = need_array(rows, "AGGREGATE")
    runtime.spend(1 + len(items))
    path = to_text(field)
    found = [column_of(row, path) for row in items] if field is not None else items
    if name == "COUNT":
        return sum(item is not None for item in found)
    if name == "SUM":
        return total(runtime, found)
    if name in ("AVG", "AVERAGE"):
        return average(runtime, found)
    if name in ("MIN", "MAX"):
        return extreme(runtime, (list(found),), 1 if name == "MAX" else -1, name)
    raise BasicError(f"AGGREGATE knows SUM, AVG, COUNT, MIN and MAX, not “{name[:40]}”", code="E_ARGUMENTS")


@function("MAP", result="array")
def mapped(runtime: Runtime, rows: Value, fields: Value) -> list[Value]:
    """Rows with some of their fields only: "name, price->cost" keeps two and renames one.

    Example: MAP([{name: "Tea", price: 2, shelf: 7}], "name, price->cost") -> [{"name":"Tea","cost":2}]
    """
    names = fields if isinstance(fields, list) else to_text(fields).split(",")
    wanted = [_RENAMED.split(to_text(name).strip(), maxsplit=1) for name in names]
    made = RowSet()
    for row in copied(runtime, rows, "MAP"):
        check_record(runtime, len(wanted))
        made.append(new_record((pair[-1], column_of(row, pair[0])) for pair in wanted))
    return made


@function("GROUP_BY", result="object")
def grouped(runtime: Runtime, rows: Value, field: Value) -> Record:
    """An object with the rows for each value of a field, in order of first appearance.

    Example: GROUP_BY([{town: "Rio"}, {town: "Bonn"}], "town") -> {"Rio":[{"town":"Rio"}],"Bonn":[{"town":"Bonn"}]}
    """
    path = to_text(field)
    groups = Record()
    for row in copied(runtime, rows, "GROUP BY"):
        key = printed(runtime, column_of(row, path))
        if key not in groups:
            check_record(runtime, 1)
            groups[key] = RowSet()
        groups[key].append(row)
    return groups


@function("JOIN", result="any")
def join(runtime: Runtime, left: Value, right: Value = ",", key: Value = None) -> Value:
    """The items of an array as one text, a separator between them; or rows joined to others by a field.

    Example: JOIN(["red", "green"], ", ") -> "red, green"
    """
    if not isinstance(right, list):
        return method.join(runtime, need_array(left, "JOIN"), right)
    if key is None:
        raise BasicError("JOIN of rows needs the field that they share", code="E_ARGUMENTS")
    name = to_text(key)
    index: dict[tuple[str, str], list[Record]] = {}
    for row in _objects(runtime, right, "JOIN"):
        index.setdefault(identity(runtime, column_of(row, name)), []).append(row)
    joined: list[Value] = RowSet()
    for row in _objects(runtime, left, "JOIN"):
        for other in index.get(identity(runtime, column_of(row, name)), ()):
            check_array(runtime, len(joined) + 1, 0)
            check_record(runtime, len(row) + len(other))
            joined.append(new_record((*other.items(), *row.items())))
    return joined


def _objects(runtime: Runtime, rows: Value, name: str) -> list[Record]:
    """The rows, each of them an object.

    :raises BasicError: they are no array, or one of them is no object.
    """
    items = copied(runtime, rows, name)
    for item in items:
        if not isinstance(item, Record):
            raise BasicError(f"{name} needs rows that are objects, not {with_article(item)}", code="E_TYPE")
    return items


@function("CSV", "TO_CSV", "TOCSV", result="string")
def as_csv(runtime: Runtime, rows: Value) -> str:
    """The rows as CSV, the names of all their fields in the first line.

    Example: CSV([{name: "Tea", price: 2}]) -> "name,price\\nTea,2\\n"
    """
    items = copied(runtime, [rows] if isinstance(rows, Record) else rows, "CSV")
    columns: dict[str, None] = {}
    for row in items:
        if isinstance(row, Record):
            runtime.spend(len(row))
            columns.update(dict.fromkeys(row))
    names = list(columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if names:
        writer.writerow(names)
    for row in items:
        cells = (
            [row.get(name) for name in names]
            if isinstance(row, Record)
            else row
            if isinstance(row, list)
            else [row]
        )
        writer.writerow([printed(runtime, cell) for cell in cells])
        check_string(runtime, text.tell())
    return text.getvalue()


@function("TOYAML", "TO_YAML", "YAML", result="string")
def as_yaml(runtime: Runtime, value: Value) -> str:
    """The value as YAML, which models read well.

    Example: TOYAML({name: "Tea", price: 2}) -> "name: Tea\\nprice: 2"
    """
    runtime.spend(1 + len(json_text(value, runtime.limits.string)))
    plain = to_plain(value, runtime.limits)
    text: str = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=1000)
    check_string(runtime, len(text))
    return text.removesuffix("...\n").rstrip("\n")


@function("GENERATE_CODE", result="string")
def generated_code(runtime: Runtime, length: Value = 6) -> str:
    """A text of so many random digits, as codes to type are.

    Example: GENERATE_CODE(4) -> "5657"
    """
    size = method.whole(length, "The length")
    if not 1 <= size <= 64:
        raise BasicError("A code has 1 to 64 digits", code="E_ARGUMENTS")
    runtime.spend(size)
    return "".join(str(int(runtime.random() * 10)) for _ in range(size))
