"""Rows of the bot's tables. A WHERE arrives as a structure, a filter as a text or a structure
(``interpreter.functions.conditions`` reads the text): neither ever becomes part of a query's text.
"""

from __future__ import annotations

from core.keywords.declared import declared

_WHICH = (
    "table:name [, filter:filter [WHERE where:where] | , column , value | WITH filter:filter | WHERE where:where]"
    " [ORDER BY order:order [LIMIT limit] | LIMIT limit [ORDER BY order:order]] [first=FIRST]"
)
_FILTERED = "table:name [, filter:filter | WHERE where:where]"
_ADDED = (
    "table:name (row:rows | , fields:fields | VALUES fields:listed | VALUES row"
    " | (SET | WITH) pairs:pairs | WITH row)"
)

KEYWORDS = (
    declared(
        "FIND", _WHICH, description="The rows of a table that meet a condition; members read the first one."
    ),
    declared("FIND ALL", _WHICH, description="The same as FIND."),
    declared("FIND ONE", _WHICH, description="The first row that meets a condition, or null."),
    declared("FIND FIRST", _WHICH, description="The same as FIND ONE."),
    declared("SEARCH", "table:name (, | FOR) query", description="The rows in which a text occurs."),
    declared(
        "SAVE",
        "table:name , fields:fields",
        "table:name WITH pairs:pairs",
        "table:name WITH row",
        description="Stores a row: the one with the same id is replaced.",
    ),
    declared(
        "SAVE FROM UNSTRUCTURED",
        "table:name , text",
        description="Stores the row that a text describes.",
    ),
    declared("INSERT", _ADDED, description="Adds a row."),
    declared(
        "INSERT INTO",
        _ADDED,
        description="The same as INSERT.",
    ),
    declared(
        "UPDATE",
        "table:name , filter:filter , row",
        "table:name , filter:filter , column , value",
        "table:name , row",
        "table:name (SET | WITH) pairs:pairs [WHERE where:where | , filter:filter]",
        description="Changes the rows that meet a condition; how many there were.",
    ),
    declared(
        "DELETE",
        _FILTERED,
        description="Removes the rows that meet a condition, a file, or what an address names.",
    ),
    declared(
        "DELETE FROM", _FILTERED, description="Removes the rows that meet a condition; how many there were."
    ),
    declared(
        "MERGE",
        "table:name WITH rows (BY | ON) key:name",
        "table:name , rows , key:name",
        description="Stores rows, replacing those with the same key.",
    ),
)
