"""Every code that a finding about a script may carry, with one sentence each. Codes are stable."""

from __future__ import annotations

from collections.abc import Mapping

ERRORS: Mapping[str, str] = {
    "bad-target": "The left side of an assignment is not a variable, a member or an element.",
    "call-in-expression": "CALL of a script stands inside a larger expression; it must stand alone.",
    "comparison-chain": "Two comparisons stand side by side; they must be joined with AND.",
    "duplicate-label": "Two labels of one script or procedure have the same name.",
    "duplicate-name": "A name is declared twice where names must differ.",
    "duplicate-procedure": "Two procedures of one script have the same name.",
    "exit-outside": "EXIT, BREAK or CONTINUE stands outside the block that it would leave.",
    "expression-too-deep": "An expression is nested more deeply than 64 levels.",
    "hear-in-expression": "HEAR stands inside a larger expression; it must stand alone.",
    "label-in-block": "A label stands inside a block; GOTO may not jump into blocks.",
    "malformed-number": "Digits run into letters.",
    "mismatched-next": "NEXT names another variable than its FOR.",
    "misplaced-header": "PARAM or another header stands inside a block or procedure.",
    "nested-procedure": "SUB or FUNCTION stands inside a block or another procedure.",
    "no-result": "A keyword that answers nothing stands where a value is needed.",
    "not-a-script": "The file is empty, prose, or a collection of several programs.",
    "number-too-large": "A number does not fit in 64 bits.",
    "script-too-large": "The script is larger than 1 MB.",
    "stray-character": "A character means nothing where it stands.",
    "stray-end": "A closing word (END IF, NEXT, LOOP …) closes nothing that is open.",
    "syntax": "Something else was expected here.",
    "too-deep": "Blocks are nested more deeply than 16 levels.",
    "too-many-errors": "The file has so many errors that the rest was not read.",
    "unclosed-block": "A block is never closed, or another block's end comes first.",
    "unclosed-bracket": "A bracket is never closed.",
    "unclosed-interpolation": "A ${ inside a text is never closed.",
    "unclosed-string": "A text is never closed.",
    "unknown-hear-type": "HEAR … AS names a type that does not exist.",
    "unknown-label": "GOTO, GOSUB or ON ERROR GOTO names a label that does not exist.",
    "unknown-name": "A statement word, function or procedure that nobody defines.",
    "unsupported-keyword": "A keyword of the dialect that Trunkline does not have, or not yet.",
    "wrong-argument-count": "A function or procedure is called with too few or too many arguments.",
}

WARNINGS: Mapping[str, str] = {
    "always-true": "A text or number stands where OR wants a condition, so the whole is always true.",
    "condition-in-variable": "A condition is a text that was put together elsewhere: a value in it can change it.",
    "encoding": "The file is not UTF-8 and was read as Windows-1252.",
    "menu-as-text": "A channel shows the menu as numbered text (``check --channels``).",
    "missing-collection": "A knowledge base is named that the bot's folder does not have.",
    "missing-script": "A script is named that the bot's folder does not have.",
    "nothing-runs": "The script only defines procedures and calls none.",
    "nothing-said": "PRINT writes to the log, and the script says nothing with TALK.",
    "not-available": "A keyword that nobody answers in this bot; using it is an error of the run.",
    "never-set": "A variable is read that no statement of the script sets; it is null.",
    "placeholder": "A text that is said holds {name} of a variable, which stays as it is; ${name} is filled in.",
    "result-not-returned": "A FUNCTION assigns to its own name, which returns nothing here.",
    "settings": "The bot's config.csv or folder asks for something that Trunkline does not read.",
    "unreachable-code": "Statements stand after one that never goes on to them.",
    "unused-label": "No GOTO, GOSUB or ON ERROR names a label.",
    "unused-parameter": "A PARAM that the script never reads.",
}

CODES: Mapping[str, str] = {**ERRORS, **WARNINGS}
