"""Scripts that want too much, each run in a process of its own that may grow by 50 MB.

``python -m tests.interpreter.bombs`` prints one line of JSON for each.
"""

from __future__ import annotations

import json
import os
import resource
import time
from pathlib import Path

from interpreter.program import compile_release
from interpreter.run import begin
from tests.interpreter.dialogue_kit import KEYWORDS, World

MAY_GROW = 50 * 2**20  # bytes
DEEP = "[" * 5000 + "]" * 5000
FUNCTIONS_OF_LENGTH = (
    "PAD_LEFT({0}, 1e9)",
    "PAD_RIGHT({0}, 1e9)",
    "REPEAT({0}, 1e10)",
    "SPACE(1e10)",
    "STRING(1e9, {0})",
)
ROWS = 's = {0}\nrows = []\nFOR i = 1 TO 2000\nPUSH rows, {{"n": i, "k": 1, "name": s}}\nNEXT\n'
LONG = ROWS.format('REPEAT("a", 900000)')
WIDE = ROWS.format("RANGE(1, 90000)")
SMALL = ROWS.format('"2026-01-01"')
REPEATED = (
    'a = RANGE(1, 90000)\ns = REPEAT("a", 1000000)\nt = REPEAT("a", 1000000)\no = {{}}\nDO\nx = {0}\nLOOP'
)
FILLED = (
    "s = {0}\nall = []\nFOR k = 1 TO 90\nDIM a(90000)\nb = []\no = {{}}\nFOR i = 0 TO 89999\n{1}\nNEXT\n"
    "PUSH all, [a, b, o]\nNEXT\nall = NULL\na = NULL\nb = NULL\no = NULL"
)
COSTLY = ('"${a}"', 'a STARTS WITH "b"', 'a LIKE "b"', '"b" LIKE s', "o[a]", "o[s]", "o CONTAINS a", "s = t", "s < t",
    "s BETWEEN t AND t", "s IN [t]", "MAX(s, t)", "s STARTS WITH t", "ISDATE(s)", "COUNT([s], t)", "BATCH(a, 1)",
    'FILTER(a, "value > 0")',)  # fmt: skip

BOMBS: dict[str, tuple[str, tuple[str, ...]]] = {
    "endless while": ("WHILE TRUE\nWEND", ("E_BUDGET_UNITS",)),
    "endless do": ("DO\nn = n + 1\nLOOP", ("E_BUDGET_UNITS",)),
    "endless goto": ("again:\nGOTO again", ("E_BUDGET_UNITS",)),
    "endless gosub": ("again:\nGOSUB again", ("E_BUDGET_DEPTH",)),
    "endless for": ("FOR i = 1 TO 9000000000000000000\nNEXT", ("E_BUDGET_UNITS",)),
    "endless for of fractions": ("FOR i = 0 TO 1 STEP 1e-300\nNEXT", ("E_BUDGET_UNITS",)),
    "for that moves its own end": ("FOR i = 1 TO 2\ni = 1\nNEXT", ("E_BUDGET_UNITS",)),
    "for each over a growing array": ("a = [1]\nDO\nFOR EACH x IN a\nPUSH a, x\nNEXT\nLOOP", (
    "E_BUDGET_ARRAY", "E_BUDGET_UNITS")),
    "endless error handler": ("again:\nON ERROR GOTO again\nTHROW 1", ("E_BUDGET_UNITS",)),
    "errors passed over for ever": ("ON ERROR RESUME NEXT\nDO\nx = 1 / 0\nLOOP", ("E_BUDGET_UNITS",)),
    "budget error inside try": ("TRY\nDO\nLOOP\nCATCH e\nTALK e\nEND TRY", ("E_BUDGET_UNITS",)),
    "endless recursion": ("FUNCTION f(n)\nRETURN f(n + 1)\nEND FUNCTION\nx = f(1)", ("E_BUDGET_DEPTH",)),
    "recursion that suspends": ("SUB f()\nf()\nHEAR x\nEND SUB\nf()", ("E_BUDGET_DEPTH",)),
    "recursion of two": (
        "FUNCTION f(n)\nRETURN g(n)\nEND FUNCTION\nFUNCTION g(n)\nRETURN f(n)\nEND FUNCTION\nx = f(1)",
        ("E_BUDGET_DEPTH",)),
    "fib of 50": (
        "FUNCTION f(n)\nIF n < 2 THEN RETURN n\nRETURN f(n - 1) + f(n - 2)\nEND FUNCTION\nx = f(50)", (
        "E_BUDGET_UNITS",)),
    "script that calls itself": ('CALL "start"', ("E_BUDGET_UNITS", "E_BUDGET_DEPTH")),
    "script that calls itself and goes on": ('CALL "start"\nTALK 1', ("E_BUDGET_DEPTH",)),
    "string doubling": ('s = "ab"\nDO\ns = s + s\nLOOP', ("E_BUDGET_STRING",)),
    "string doubling of wide characters": ('s = "👩‍👩‍👧"\nDO\ns = s & s\nLOOP', ("E_BUDGET_STRING",)),
    "string doubling in a template": ('s = "ab"\nDO\ns = "${s}${s}"\nLOOP', ("E_BUDGET_STRING",)),
    "replace that multiplies": ('s = REPEAT("a", 1000)\nDO\ns = REPLACE(s, "a", s)\nLOOP', ("E_BUDGET_STRING",)),
    "join that multiplies": ('a = SPLIT(REPEAT("a,", 9000))\ns = a.join(REPEAT("x", 1000))', ("E_BUDGET_STRING",)),
    "upper case that grows": ('s = REPEAT("ΐ", 1000000)\ns = UCASE(s)', ("E_BUDGET_STRING",)),
    "numbers too large": ("x = 10 ^ 400", ("E_OVERFLOW",)),
    "tower of powers": ("x = 9 ^ (9 ^ 9)", ("E_OVERFLOW",)),
    "float power too large": ("x = 10.5 ^ 400", ("E_OVERFLOW",)),
    "product too large": ("x = 9223372036854775807 * 2", ("E_OVERFLOW",)),
    "sum too large": ("x = 9223372036854775807\nx = x + 1", ("E_OVERFLOW",)),
    "division by zero": ("x = 1 / 0", ("E_DIVISION",)),
    "remainder by zero": ("x = 1 MOD 0", ("E_DIVISION",)),
    "number of many digits": ('x = VAL(REPEAT("9", 1000000)) + 1', ("",)),
    "negative index": ("a = [1]\na[-1] = 2", ("E_INDEX",)),
    "index far outside": ("a = [1]\na[1000000000] = 2", ("E_BUDGET_ARRAY",)),
    "large array": ("DIM a(1e18)", ("E_BUDGET_ARRAY",)),
    "large range": ("a = RANGE(1, 1e18)", ("E_BUDGET_ARRAY",)),
    "array doubling": ("a = [1, 2]\nDO\na = a + a\nLOOP", ("E_BUDGET_ARRAY",)),
    "array of arrays of ranges": ("a = []\nDO\nPUSH a, RANGE(1, 100000)\nLOOP", ("E_BUDGET_UNITS",)),
    "array of arrays of nulls": ("a = []\nDO\nDIM b(100000)\nPUSH a, b\nLOOP", ("E_BUDGET_UNITS",)),
    "array of arrays of characters": ('s = REPEAT("ab", 50000)\na = []\nDO\nPUSH a, SPLIT(s, "")\nLOOP',
    ("E_BUDGET_UNITS",)),
    "array of copies": ("a = []\nb = RANGE(1, 100000)\nDO\nPUSH a, SLICE(b, 0)\nLOOP", ("E_BUDGET_UNITS",)),
    "array of texts": ('s = REPEAT("ab", 500000)\na = []\nDO\nPUSH a, s & LEN(a)\nLOOP', ("E_BUDGET_UNITS",)),
    "arrays of short texts": (FILLED.format('REPEAT("a", 200)', "PUSH b, s + i"), ("E_BUDGET_UNITS",)),
    "arrays of short texts of wide characters": (
        FILLED.format('REPEAT("👩", 240)', "a[i] = s + i"), ("E_BUDGET_UNITS",)),
    "arrays of digits": (FILLED.format('""', 'a[i] = "n" + i + "/" + i'), ("E_BUDGET_UNITS", "")),
    "arrays of templates": (FILLED.format('REPEAT("👩", 240)', 'PUSH b, ["${s}${i}"]'), ("E_BUDGET_UNITS",)),
    "arrays of parts": (FILLED.format('REPEAT("a", 900000)', "PUSH b, MID(s, 2, 890000)"), ("E_BUDGET_UNITS",)),
    "arrays of first parts": (FILLED.format('REPEAT("a", 900000)', "PUSH b, LEFT(s, i)"), ("E_BUDGET_UNITS",)),
    "objects of short texts": (FILLED.format('REPEAT("👩", 240)', 'o[s + i] = 1\no.x = s + i'), ("E_BUDGET_UNITS",)),
    "records of short texts": (FILLED.format('REPEAT("👩", 240)', 'PUSH b, {"n": s + i}'), ("E_BUDGET_UNITS",)),
    "variables by name of short texts": (
        FILLED.format('REPEAT("a", 240)', 'SET "session.v" + k + "x" + i, s + i'), ("E_BUDGET_UNITS", "E_VARS_LIMIT")),
    "nests that share": ("a = [1]\nFOR i = 1 TO 30\na = [a, a]\nNEXT\nTALK a", ("E_BUDGET_STRING",)),
    "nests beyond the limit": ("a = [1]\nFOR i = 1 TO 5000\na = [a]\nNEXT\nTALK a", ("E_BUDGET_NESTING",)),
    "nests beyond the limit that stay": ("a = [1]\nFOR i = 1 TO 5000\na = [a]\nNEXT", ("E_BUDGET_NESTING",)),
    "a cycle": ("a = [1]\nPUSH a, a\nTALK a", ("E_CYCLE",)),
    "a cycle that stays": ("a = [1]\nPUSH a, a", ("E_CYCLE",)),
    "a cycle that is compared": ("a = [1]\nPUSH a, a\nb = [1]\nPUSH b, b\nx = (a = b)", ("E_CYCLE",
    "E_BUDGET_NESTING", "E_BUDGET_UNITS")),
    "a cycle that is flattened": ("a = [1]\nPUSH a, a\nx = FLATTEN(a)", ("E_CYCLE", "E_BUDGET_NESTING",
    "E_BUDGET_ARRAY", "E_BUDGET_UNITS")),
    "deep JSON": (f'x = FROMJSON("{DEEP}")', ("E_BUDGET_NESTING", "E_JSON")),
    "large JSON": ('x = FROMJSON("[" & REPEAT("1,", 500000) & "1]")', ("E_BUDGET_ARRAY", "E_JSON")),
    "pattern that backtracks": ('x = (REPEAT("a", 100000) LIKE "*a*a*a*a*a*a*a*a*b")', ("", "E_BUDGET_UNITS")),
    "search in long texts": (
        's = REPEAT("a", 500000)\np = REPEAT("a", 250000) & "b"\nDO\nx = INSTR(s, p)\nLOOP', ("E_BUDGET_UNITS",)),
    "too many messages": ("DO\nTALK 1\nLOOP", ("E_BUDGET_TALKS",)),
    "too long messages": ('s = REPEAT("a", 1000000)\nTALK s\nTALK s', ("E_BUDGET_TALKS",)),
    "too many variables": ('a = REPEAT("a", 600000)\nb = a & "b"', ("E_VARS_LIMIT",)),
    "too many keys": ("o = {}\nFOR i = 1 TO 200000\no[i] = i\nNEXT", ("E_BUDGET_ARRAY", "E_BUDGET_UNITS")),
    "too long wait": ("WAIT 1e12", ("E_WAIT",)),
    "picture of a million digits": ('x = FORMAT(1, REPEAT("0", 1000000) & "." & REPEAT("0", 47000))', (
    "", "E_BUDGET_STRING", "E_FORMAT")),
    "array of objects": ('a = []\nDO\nb = []\nFOR i = 1 TO 90000\nPUSH b, {"n": i}\nNEXT\nPUSH a, b\nLOOP', (
    "E_BUDGET_UNITS",)),
    "array of small arrays": ("a = []\nDO\nb = []\nFOR i = 1 TO 90000\nPUSH b, [i]\nNEXT\nPUSH a, b\nLOOP", (
    "E_BUDGET_UNITS",)),
    "rows mapped": (SMALL + 'a = []\nDO\nPUSH a, MAP(rows, "n, k")\nLOOP', ("E_BUDGET_UNITS",)),
    "rows grouped": (SMALL + 'a = []\nDO\nPUSH a, GROUP_BY(rows, "n")\nLOOP', ("E_BUDGET_UNITS",)),
    "rows grouped by long values": (WIDE + 'a = GROUP_BY(rows, "name")', ("E_BUDGET_UNITS",)),
    "every row joined to every other": (SMALL + 'a = JOIN(rows, rows, "k")', ("E_BUDGET_UNITS",)),
    "rows joined for ever": (SMALL + 'a = []\nDO\nPUSH a, JOIN(rows, rows, "n")\nLOOP', ("E_BUDGET_UNITS",)),
    "long texts searched in rows": (LONG + 'DO\nx = FILTER rows WHERE name CONTAINS "b"\nLOOP', ("E_BUDGET_UNITS",)),
    "long arrays searched in rows": (WIDE + "DO\nx = FILTER rows WHERE name CONTAINS -1\nLOOP", ("E_BUDGET_UNITS",)),
    "long arrays compared in rows": (WIDE + "t = RANGE(1, 90000)\nDO\nx = FILTER rows WHERE name = t\nLOOP", (
    "E_BUDGET_UNITS",)),
    "dates compared in rows": (SMALL + 'DO\nx = FILTER rows WHERE name > "2026-01-02"\nLOOP', ("E_BUDGET_UNITS",)),
    "CSV of many columns": (
        'o = {}\nFOR i = 1 TO 9000\no["k" + i] = i\nNEXT\na = []\n'
        "FOR i = 1 TO 9000\nPUSH a, o\nNEXT\nx = CSV(a)", ("E_BUDGET_UNITS",)),
    "YAML of rows": (SMALL + "DO\nx = TOYAML(rows)\nLOOP", ("E_BUDGET_UNITS",)),
    "a condition in itself": (
        'FUNCTION f()\no = {}\no["not"] = o\nRETURN FILTER([{"a": 1}], o)\nEND FUNCTION\nx = f()', ("E_FILTER",)),
    "a condition that is none": ('x = FILTER([{"a": 1}], {"column": "a", "op": 5})', ("E_FILTER",)),
    **{text: (REPEATED.format(text), ("E_BUDGET_UNITS",)) for text in COSTLY},
    **{text: (f'x = {text.format(chr(34) + "abc" + chr(34))}', ("E_BUDGET_STRING",)) for text in FUNCTIONS_OF_LENGTH},
}  # fmt: skip


def explode(name: str) -> dict[str, object]:
    """Run one bomb within its memory; what became of it."""
    source, _ = BOMBS[name]
    world = World()
    release = compile_release({"start": source}, KEYWORDS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MAY_GROW,) * 2)
    started = time.thread_time()
    step = begin(release, "start", snapshot=b"", surroundings=world.surroundings())
    taken = time.thread_time() - started
    error = step.error
    line = error.trace[0][1] if error is not None and error.trace else 0
    code = "" if error is None else error.code
    return {"name": name, "code": code, "line": line, "units": step.units, "seconds": round(taken, 3)}


def main() -> None:
    for name in BOMBS:
        child = os.fork()
        if child == 0:
            try:
                print(json.dumps(explode(name)), flush=True)
            except BaseException as error:
                print(json.dumps({"name": name, "code": type(error).__name__, "line": 0}), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
