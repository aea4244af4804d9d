"""Functions on texts. Positions count from 1, as in every BASIC."""

from __future__ import annotations

from urllib.parse import quote

from interpreter.errors import BasicError
from interpreter.functions.registry import function
from interpreter.values import Runtime, Value, check_string, ends_with, length, printed, starts_with, to_text
from interpreter.values import methods as method
from interpreter.values.methods import whole
from interpreter.values.types import SHORT, charge_kept, charge_made, check_array


@function("LEN", "LENGTH", result="integer")
def size(runtime: Runtime, value: Value) -> int:
    """The characters of a text, the items of an array or the keys of an object; 0 for null.

    Example: LEN("Trunkline") -> 9
    """
    return len(value) if value.__class__ is str else length(value)


@function("UCASE", "UPPER", "TOUPPER", "TO_UPPER", result="string")
def upper(runtime: Runtime, text: Value) -> str:
    """The text in upper case.

    Example: UCASE("Ana") -> "ANA"
    """
    return method.upper(runtime, text)


@function("LCASE", "LOWER", "TOLOWER", "TO_LOWER", result="string")
def lower(runtime: Runtime, text: Value) -> str:
    """The text in lower case.

    Example: LCASE("Ana") -> "ana"
    """
    return method.lower(runtime, text)


@function("PROPER", "TITLE", result="string")
def proper(runtime: Runtime, text: Value) -> str:
    """The text with a capital at the beginning of each word and small letters after it.

    Example: PROPER("ana MARIA") -> "Ana Maria"
    """
    value = printed(runtime, text)
    check_string(runtime, len(value))
    return " ".join(word[:1].upper() + word[1:].lower() for word in value.split(" "))


@function("TRIM", result="string")
def trim(runtime: Runtime, text: Value) -> str:
    """The text without blanks at its ends.

    Example: TRIM("  Ana ") -> "Ana"
    """
    return method.trim(runtime, text)


@function("LTRIM", result="string")
def left_trim(runtime: Runtime, text: Value) -> str:
    """The text without blanks at its beginning.

    Example: LTRIM("  Ana ") -> "Ana "
    """
    return method.trim_start(runtime, text)


@function("RTRIM", result="string")
def right_trim(runtime: Runtime, text: Value) -> str:
    """The text without blanks at its end.

    Example: RTRIM("  Ana ") -> "  Ana"
    """
    return method.trim_end(runtime, text)


@function("LEFT", result="any")
def left(runtime: Runtime, text: Value, count: Value) -> Value:
    """The first characters of a text, or items of an array.

    Example: LEFT("Trunkline", 5) -> "Trunk"
    """
    if text.__class__ is str and count.__class__ is int and count >= 0:
        return charge_made(runtime, text[:count])
    value = text if isinstance(text, list) else printed(runtime, text)
    runtime.spend(1 + (len(value) >> 5))
    return value[: max(0, whole(count, "The count"))]


@function("RIGHT", result="any")
def right(runtime: Runtime, text: Value, count: Value) -> Value:
    """The last characters of a text, or items of an array.

    Example: RIGHT("Trunkline", 4) -> "line"
    """
    if text.__class__ is str and count.__class__ is int and count > 0:
        return charge_made(runtime, text[-count:])
    value = text if isinstance(text, list) else printed(runtime, text)
    runtime.spend(1 + (len(value) >> 5))
    return value[max(0, len(value) - max(0, whole(count, "The count"))) :]


@function("MID", result="any")
def mid(runtime: Runtime, text: Value, start: Value, length: Value = None) -> Value:
    """Part of a text from a position counted from 1, or of an array from one counted from 0.

    Example: MID("Trunkline", 2, 3) -> "run"
    """
    if text.__class__ is str and start.__class__ is int and length.__class__ is int and start > 0 <= length:
        return charge_made(runtime, text[start - 1 : start - 1 + length])
    is_array = isinstance(text, list)
    value = text if is_array else printed(runtime, text)
    runtime.spend(1 + (len(value) >> 5))
    first = whole(start, "The start") - (0 if is_array else 1)
    if first < 0:
        raise BasicError(f"MID starts at {0 if is_array else 1}, not {to_text(start)}", code="E_ARGUMENTS")
    return value[first:] if length is None else value[first : first + max(0, whole(length, "The length"))]


@function("SUBSTRING", "SUBSTR", result="string")
def substring(runtime: Runtime, text: Value, start: Value, end: Value = None) -> str:
    """The characters from a position up to, not including, another, both counted from 0.

    Example: SUBSTRING("Trunkline", 1, 4) -> "run"
    """
    return method.substring(runtime, text, start, end)


@function("INSTR", result="integer")
def find(runtime: Runtime, first: Value, second: Value, third: Value = None) -> int:
    """The position, from 1, of a text inside another, 0 if it is not there: INSTR([start,] text, sought).

    Example: INSTR("Trunkline", "line") -> 6
    """
    if third is None and first.__class__ is str and second.__class__ is str:
        if len(first) >= SHORT:
            runtime.spend(1 + (len(first) >> 5))
        return first.find(second) + 1
    text, sought, start = (first, second, 1) if third is None else (second, third, whole(first, "The start"))
    value = printed(runtime, text)
    runtime.spend(1 + (len(value) >> 5))
    return value.find(printed(runtime, sought), max(0, start - 1)) + 1


@function("INSTRREV", result="integer")
def find_last(runtime: Runtime, text: Value, sought: Value) -> int:
    """The last position, from 1, of a text inside another; 0 if it is not there.

    Example: INSTRREV("a/b/c", "/") -> 4
    """
    return method.last_index_of(runtime, printed(runtime, text), sought) + 1


@function("URLENCODE", "URL_ENCODE", result="string")
def url_encoded(runtime: Runtime, text: Value) -> str:
    """The text as a part of a web address: blanks, and signs with a meaning there, become percent codes.

    Example: URLENCODE("São Paulo & Rio") -> "S%C3%A3o%20Paulo%20%26%20Rio"
    """
    value = printed(runtime, text)
    check_string(runtime, 3 * len(value.encode("utf-8", "replace")))
    return quote(value, safe="", errors="replace")


@function("REPLACE", result="string")
def replace(runtime: Runtime, text: Value, old: Value, new: Value) -> str:
    """The text with every occurrence of one text replaced by another.

    Example: REPLACE("a-b-c", "-", "+") -> "a+b+c"
    """
    return method.replace(runtime, text, old, new)


@function("SPLIT", result="array")
def split(runtime: Runtime, text: Value, separator: Value = ",") -> list[Value]:
    """The parts of a text between separators; an empty separator gives its characters.

    Example: SPLIT("a,b,c", ",") -> ["a","b","c"]
    """
    return method.split(runtime, text, separator)


@function("REPEAT", "STRING", result="string")
def repeat(runtime: Runtime, first: Value, second: Value) -> str:
    """A text so many times over: REPEAT(text, count), also STRING(count, text).

    Example: REPEAT("ab", 3) -> "ababab"
    """
    is_count_first = first.__class__ in (int, float) and second.__class__ is str
    text, count = (second, first) if is_count_first else (first, second)
    value, times = printed(runtime, text), max(0, whole(count, "The count"))
    check_string(runtime, len(value) * times)
    return value * times if value else ""


@function("SPACE", result="string")
def space(runtime: Runtime, count: Value) -> str:
    """So many blanks.

    Example: SPACE(3) -> "   "
    """
    return repeat(runtime, " ", count)


def padded(runtime: Runtime, text: Value, width: Value, fill: Value, *, at_left: bool) -> str:
    value, mark, target = printed(runtime, text), printed(runtime, fill), whole(width, "The width")
    missing = target - len(value)
    check_string(runtime, max(target, len(value)))
    if missing <= 0 or not mark:
        return value
    padding = (mark * (missing // len(mark) + 1))[:missing]
    return padding + value if at_left else value + padding


@function("PAD_LEFT", "PADLEFT", "LPAD", result="string")
def pad_left(runtime: Runtime, text: Value, width: Value, fill: Value = " ") -> str:
    """The text, filled at its beginning up to a width.

    Example: PAD_LEFT(7, 3, "0") -> "007"
    """
    return padded(runtime, text, width, fill, at_left=True)


@function("PAD_RIGHT", "PADRIGHT", "RPAD", "PAD", result="string")
def pad_right(runtime: Runtime, text: Value, width: Value, fill: Value = " ") -> str:
    """The text, filled at its end up to a width.

    Example: PAD_RIGHT("ab", 5, ".") -> "ab..."
    """
    return padded(runtime, text, width, fill, at_left=False)


@function("ASC", "ORD", result="integer")
def code_of(runtime: Runtime, text: Value) -> int:
    """The Unicode number of a text's first character; 0 if it is empty.

    Example: ASC("A") -> 65
    """
    runtime.spend(1)
    value = printed(runtime, text)
    return ord(value[0]) if value else 0


@function("CHR", "CHAR", result="string")
def character(runtime: Runtime, code: Value) -> str:
    """The character of a Unicode number.

    Example: CHR(8364) -> "€"
    """
    runtime.spend(1)
    number = whole(code, "The code")
    if not 0 < number <= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        raise BasicError(f"There is no character with the number {number}", code="E_ARGUMENTS")
    return chr(number)


@function("STARTSWITH", "STARTS_WITH", result="boolean")
def begins(runtime: Runtime, text: Value, part: Value) -> bool:
    """Whether a text begins with another.

    Example: STARTSWITH("Trunkline", "Tr") -> true
    """
    runtime.spend(1)
    return starts_with(text, part, runtime)


@function("ENDSWITH", "ENDS_WITH", result="boolean")
def ends(runtime: Runtime, text: Value, part: Value) -> bool:
    """Whether a text ends with another.

    Example: ENDSWITH("Trunkline", "ne") -> true
    """
    runtime.spend(1)
    return ends_with(text, part, runtime)


@function("CONCAT", result="any")
def concatenate(runtime: Runtime, *values: Value) -> Value:
    """Arrays joined into a new one, else the texts of all values one after the other.

    Example: CONCAT("a", 1, "b") -> "a1b"
    """
    if values and isinstance(values[0], list):
        joined: list[Value] = []
        for value in values:
            added = value if isinstance(value, list) else [value]
            check_array(runtime, len(joined) + len(added), len(added))
            charge_kept(runtime, value)
            joined.extend(added)
        return joined
    text = ""
    for value in values:
        part = printed(runtime, value)
        check_string(runtime, len(text) + len(part))
        text += part
    return text
