"""What authors bring along from other languages, and what they can write here instead.

Advice only: nothing of this is accepted. A word that the script itself defines is never looked up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_ASK = 'To ask, write  HEAR name WITH "What is your name?"'
_SAY = 'To say something, write  TALK "Hello"'
_MENU = 'A menu is a HEAR with its choices:  HEAR choice AS "Yes", "No"'
_DECLARE = "Variables need no declaration:  name = value"
_PROCEDURE = "Write  FUNCTION name(value) … END FUNCTION, or SUB without a result"
_IMPORT = 'Leave it out: every function is there. Another script is run with  CALL "other.bas"'
_SCREEN = f"Leave it out: there is no screen to draw on. {_SAY}"
_MODULE = "Leave it out: a script consists of statements and of SUBs and FUNCTIONs"
_MEMORY = 'Write  SET BOT MEMORY "key", value  and  GET BOT MEMORY "key"; for this session  SET name = value'
_PROMPT = "Write  BEGIN SYSTEM PROMPT … END SYSTEM PROMPT"
_WAIT = "WAIT takes seconds:  WAIT 2.  For an answer, write  HEAR name"
_ARRAY = 'Write an array:  list = ["red", "green"],  list[0],  PUSH list, "blue"'
_TRY = "Write  TRY … CATCH e … END TRY, or ON ERROR RESUME NEXT"
_NULL = "Null is written NULL"


def _each(words: str, advice: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), advice)


STATEMENT: Mapping[str, str] = {
    **_each("INPUT ASK READLINE QUESTION PROMPT INPUTBOX GETS LINE RECEIVE LISTEN", _ASK),
    **_each("ECHO SAY MSGBOX RESPOND REPLY DISPLAY OUTPUT WRITELN PUTS ANSWER MESSAGE TELL SPEAK", _SAY),
    **_each("MENU BUTTON BUTTONS CHOICE CHOICES OPTIONS", _MENU),
    **_each("VAR CONST GLOBAL LOCAL STATIC PRIVATE PUBLIC SHARED", _DECLARE),
    **_each("DEF FUNC PROCEDURE METHOD DEFINE FN", _PROCEDURE),
    **_each("IMPORT IMPORTS INCLUDE REQUIRE FROM USING EXPORT", _IMPORT),
    **_each("MODULE NAMESPACE OPTION PROGRAM START", _MODULE),
    **_each("CLS LOCATE COLOR SCREEN BEEP SOUND PSET CIRCLE PAINT WIDTH", _SCREEN),
    **_each("DATA RESTORE REDIM ERASE", _ARRAY),
    **_each("SLEEP PAUSE DELAY", "Write  WAIT 2  to wait for two seconds"),
    **_each("QUIT", "Write  EXIT  to end the script"),
    **_each("PASS", "Leave it out: a block may be empty"),
    **_each("EXCEPT FINALLY", _TRY),
    "RESUME": "Leave it out: the script goes on below the label; ON ERROR RESUME NEXT passes every error over",
    **_each("MATCH WHEN", "Write  SELECT CASE value … CASE 1 … END SELECT"),
    "CLASS": "There are no classes:  order = { id: 7, total: 12.5 }  makes an object",
    "DECLARE": "Leave it out: SUBs and FUNCTIONs need no declaration",
    "DEL": "Set it to NULL:  name = NULL",
    "RANDOMIZE": "Leave it out:  RANDOM(1, 6)  differs every time",
    "SWAP": "Use a third variable:  kept = a,  a = b,  b = kept, each on a line of its own",
    "REPEAT": "Write  DO … LOOP UNTIL condition",
    "UNTIL": "Write  DO … LOOP UNTIL condition",
    "FOREACH": "Write  FOR EACH item IN list … NEXT",
    "LOOP": "Write  FOR i = 1 TO 3 … NEXT, or DO … LOOP",
    "FORGET": "Set it to NULL:  name = NULL",
    "SHOW MENU": _MENU,
    "SHOW": _SAY,
    "ADD BUTTON": 'Write  ADD SUGGESTION "Yes"',
    "ADD BUTTONS": 'Write  ADD SUGGESTION "Yes", once for each',
    "ADD QUICK": 'Write  ADD SUGGESTION "Yes"',
    "SET MEMORY": _MEMORY,
    "GET MEMORY": _MEMORY,
    "SAVE SESSION": "Write  SET name = value: it is kept in the session",
    "USE KNOWLEDGE": 'Write  USE KB "policies"',
    "SET SYSTEM": _PROMPT,
    "SYSTEM": _PROMPT,
    "BEGIN PROMPT": _PROMPT,
    "BEGIN SYSTEM": _PROMPT,
    "WAIT FOR": _WAIT,
}
"""By the words with which a statement begins, upper case; also for ``END`` and such a word."""

FUNCTION: Mapping[str, str] = {
    **_each("input inputbox prompt ask readline gets hear", _ASK),
    **_each("msgbox alert say echo", _SAY),
    "enumerate": "Count yourself:  index = index + 1  inside FOR EACH",
    "valueerror": 'An error is a text:  THROW "no"',
    "exception": 'An error is a text:  THROW "no"',
    "typeof": "Write  TYPEOF(value)",
}
"""By a function's name, folded."""

OBJECT: Mapping[str, str] = {
    **_each("console system window document wscript app response", _SAY),
    **_each("math json datetime random os sys re", "Leave it out: the functions have no module before them"),
}
"""By a name whose members authors call though nothing sets it, folded."""

VALUE: Mapping[str, str] = _each("none nil undefined empty", _NULL)
"""By a name that is read as a constant elsewhere, folded."""

CLAUSE: Mapping[str, str] = {
    **_each(
        "PROMPT ASK QUESTION MESSAGE TEXT", 'The question follows WITH:  HEAR name AS NAME WITH "Your name?"'
    ),
    **_each("OR", 'Choices are separated by commas:  HEAR size AS "small", "large"'),
    **_each(
        "VALIDATE RETRY RETRIES MIN MAX BETWEEN FORMAT MATCHING PATTERN REQUIRED LENGTH WHERE IF",
        "An answer of the wrong type is asked again by itself; check anything else with IF after the HEAR",
    ),
    **_each("INTO", "The variable stands after HEAR:  HEAR age AS INTEGER WITH …"),
    **_each("TIMEOUT WITHIN", "The setting hear-timeout-secs of config.csv limits how long HEAR waits"),
}
"""By a word that HEAR does not have, behind its type or variable."""

ENDS: Mapping[str, tuple[str, ...]] = {
    "FOREACH": ("FOR",), "EACH": ("FOR",), "NEXT": ("FOR",), "LOOP": ("FOR", "WHILE", "DO"),
    "REPEAT": ("DO", "FOR", "WHILE"), "UNTIL": ("DO",), "CASE": ("SELECT", "SWITCH"),
    "PROCEDURE": ("SUB", "FUNCTION"), "DEF": ("SUB", "FUNCTION"), "FUNC": ("SUB", "FUNCTION"),
    "PROC": ("SUB", "FUNCTION"), "CATCH": ("TRY",), "THEN": ("IF",), "ELSE": ("IF",), "WEND": ("WHILE",),
}  # fmt: skip
"""Which blocks an ``END`` with this word was probably meant to close."""


def statement(words: Sequence[str]) -> str:
    """What to write instead of a statement that begins with these words; empty if nobody knows."""
    upper = [word.upper() for word in words]
    return next((STATEMENT[key] for n in (2, 1) if (key := " ".join(upper[:n])) in STATEMENT), "")
