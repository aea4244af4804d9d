"""Keywords of the dialect that are recognised by name and are no part of Trunkline.

A script that uses one is told so by name instead of getting a syntax error. A keyword registered in the
table always wins over its entry here, so that a plugin may bring one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from interpreter.tokens import words


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase.

    :param ends: the lines that close its block, upper case; empty if it is one line.
    :param continued_by: words with which a further line of the same statement begins.
    :param inner: words with which a line inside its block begins, where the block may lack its end.
    :param bare: it is a value without any operand, too.
    """

    phrase: str
    ends: tuple[str, ...] = ()
    continued_by: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()
    bare: bool = False
    hint: str = ""


def message(entry: Entry, shown: str = "") -> str:
    """What a script's author is told."""
    return f"{shown or entry.phrase} is not part of Trunkline"


_LINES = """
SEARCH PRODUCTS, SEARCH PRODUCT, PRODUCT, SCAN BARCODE,
GENERATE PDF, MERGE PDF, COMPRESS, EXTRACT, CHART, CREATE CHART, PIVOT, XML, EXCEL,
BOT SHARE MEMORY, BOT SYNC MEMORY, PUBLISH EVENT, PUBLISH, WAIT FOR EVENT, TRIGGER, HUMAN APPROVAL,
ADD BOT, REMOVE BOT, LIST BOTS, USE BOT, DELEGATE, DELEGATE TO, BOT REFLECTION, BROADCAST TO BOTS,
QUERY METRICS, RECORD METRIC, RESET REPORT, CREATE INDEX, CREATE TABLE,
CREATE DRAFT, FILL, GENERATE SECURE LINK, SCRAPE, SCRAPE ALL, SCRAPE TABLE, SCRAPE LINKS, SCRAPE IMAGES,
CREATE SITE, CREATE WEBSITE, WEBSITE OF, KB STATISTICS, KB COLLECTION STATS, KB DOCUMENTS COUNT,
KB DOCUMENTS ADDED SINCE, KB LIST COLLECTIONS, KB STORAGE SIZE, REFRESH, SET PAGE MODE, CONTINUATION TOKEN,
SET MAX LINES, GRAPHQL, SOAP, SEE, WEBHOOK POST, GET QUEUE, NEXT IN QUEUE, GET ATTENDANTS, GET ATTENDANT,
GET ATTENDANT STATS, SET ATTENDANT STATUS, ASSIGN CONVERSATION, RESOLVE CONVERSATION, GET TIPS, NOTIFY AGENT,
NOTIFY ATTENDANT, POLISH MESSAGE, GET SMART REPLIES, ANALYZE SENTIMENT, AI SCORE LEAD,
SCORE LEAD, GET LEAD SCORE, UPDATE LEAD SCORE, QUALIFY LEAD, CRM LEAD, CACHE GET, CACHE SET, CACHE DELETE,
IMAGE, GET IMAGE, VIDEO, AUDIO, PLAY, QR CODE, OCR, FACE API, POST TO, POST TO INSTAGRAM, POST TO FACEBOOK,
POST TO LINKEDIN, POST TO TWITTER, GET INSTAGRAM METRICS, GET FACEBOOK METRICS, GET LINKEDIN METRICS,
GET TWITTER METRICS, CARD, ANSWER, ASK LLM, USE MCP, MCP INVOKE, AUTO TASK, CREATE AUTO TASK,
REQUIRE APPROVAL, SIMULATE IMPACT, AUDIT LOG, RUN PYTHON, RUN JAVASCRIPT, RUN BASH, GPIO MODE, GPIO SET,
GPIO GET, GPIO PWM, GPIO SERVO, RELAY SET, LCD INIT, LCD PRINT, LCD CLEAR, LCD DRAW, OLED INIT, OLED PRINT,
OLED CLEAR, OLED DRAW, I2C, I2C READ, I2C WRITE, SPI, SPI TRANSFER, START MEET, INVITE TO MEET, IMPORT,
EXPORT, SYNCHRONIZE, ON CHANGE, SECURITY, RSS, MODEL ROUTE, FINALLY
"""
_ON = ("END ON",)
_ORCHESTRATION = words("STEP PARALLEL BRANCH HUMAN BOT")

_BLOCKS = (
    Entry("QUERY", continued_by=words("SELECT FROM WHERE AND OR ORDER GROUP HAVING LIMIT JOIN LEFT ON")),
    Entry("ON EVENT", _ON),
    Entry("ON FORM SUBMIT", _ON),
    Entry("SCHEDULE IN", ("END SCHEDULE",)),
    *(
        Entry(phrase, ("END ORCHESTRATE", "END WORKFLOW", "END ORCHESTRATION"), inner=_ORCHESTRATION)
        for phrase in ("ORCHESTRATE", "ORCHESTRATE WORKFLOW")
    ),
    Entry("PARALLEL", ("END PARALLEL",)),
    Entry("BEGIN TRANSACTION", ("COMMIT TRANSACTION", "COMMIT", "END TRANSACTION", "ROLLBACK")),
    Entry("PLAN START", ("PLAN END",)),
    Entry("REPORT", bare=True),
    Entry("STEP"),
    Entry("BRANCH"),
    Entry("TOOL"),
)

SERVICE_PATH = Entry("A service path", hint="Set api-base-url in config.csv to the server that answers it")
ON_CALL = Entry("ON of a named event", hint="ON INSERT, UPDATE or DELETE OF a table, and ON EMAIL, are there")
HEAR_TYPE = Entry("HEAR AS")
SELECT_SQL = Entry(
    "SELECT … FROM",
    continued_by=words("FROM WHERE AND OR ORDER GROUP HAVING LIMIT JOIN LEFT RIGHT INNER OUTER ON UNION"),
    hint="Write  FIND for rows of a table, or FILTER, MAP, JOIN, GROUP BY and SORT for rows at hand",
)

_TABLES = 'Rows of a table:  rows = FIND "orders" WHERE total > 5'
_DESK = 'A person takes over with  TRANSFER TO HUMAN "sales"'
_MODEL = 'A model answers with  text = LLM "…", from documents after  USE KB "policies"'
_REMEMBERED = 'Write  SET BOT MEMORY "key", value  and  GET BOT MEMORY "key"'
_STEPS = "The statements of a script follow one another: write them without it, CALL other scripts"
_LATER = 'A script runs at a time with  SET SCHEDULE "every day at 9am"'
_LOGGED = 'The log takes it:  LOG "sold", { item: "tea" }'
_INSTEAD: Mapping[str, tuple[str, ...]] = {
    _TABLES: ("QUERY", "CREATE INDEX", "BEGIN TRANSACTION", "PIVOT"),
    _DESK: (
        "GET QUEUE", "NEXT IN QUEUE", "GET ATTENDANTS", "GET ATTENDANT", "GET ATTENDANT STATS",
        "SET ATTENDANT STATUS", "ASSIGN CONVERSATION", "RESOLVE CONVERSATION", "NOTIFY AGENT", "NOTIFY ATTENDANT",
        "HUMAN APPROVAL", "REQUIRE APPROVAL",
    ),
    _MODEL: (
        "ANSWER", "ASK LLM", "TOOL", "POLISH MESSAGE", "GET TIPS", "GET SMART REPLIES", "ANALYZE SENTIMENT",
        "AI SCORE LEAD", "SCORE LEAD", "QUALIFY LEAD",
    ),
    _REMEMBERED: ("CACHE GET", "CACHE SET", "CACHE DELETE", "BOT SHARE MEMORY", "BOT SYNC MEMORY"),
    _STEPS: (
        "ORCHESTRATE", "ORCHESTRATE WORKFLOW", "STEP", "PARALLEL", "BRANCH", "PLAN START", "DELEGATE TO", "DELEGATE",
    ),
    _LATER: ("SCHEDULE IN",),
    _LOGGED: ("RECORD METRIC", "AUDIT LOG", "QUERY METRICS"),
    "TABLE orders … END TABLE describes a table": ("CREATE TABLE",),
    'Write  SEND MAIL "ana@example.com", "Subject", "Text"': ("CREATE DRAFT",),
    "REPLACE and ${name} fill in a text": ("FILL",),
    'Write  page = GET "https://example.com"': ("SCRAPE", "SCRAPE ALL", "SCRAPE TABLE", "SCRAPE LINKS", "RSS"),
    "CSV(rows) gives a table as text": ("EXCEL", "XML", "EXPORT"),
    "Write  TRY … CATCH e … END TRY, and what comes after it below": ("FINALLY",),
}  # fmt: skip
_NO_WAY = "Remove it, or load a plugin that brings it; the keywords that there are: trunkline keywords"


def _entries() -> dict[str, Entry]:
    names = (" ".join(phrase.split()) for phrase in _LINES.split(","))
    entries = {name: Entry(name) for name in names} | {entry.phrase: entry for entry in _BLOCKS}
    hints = {phrase: hint for hint, phrases in _INSTEAD.items() for phrase in phrases}
    return {name: replace(entry, hint=hints.get(name, _NO_WAY)) for name, entry in entries.items()}


ENTRIES: dict[str, Entry] = _entries()
_HEADS: dict[str, tuple[tuple[tuple[str, ...], Entry], ...]] = {}
for _entry in sorted(ENTRIES.values(), key=lambda entry: -entry.phrase.count(" ")):
    _words = tuple(_entry.phrase.split())
    _HEADS[_words[0]] = (*_HEADS.get(_words[0], ()), (_words, _entry))


def starting_with(word: str) -> Sequence[tuple[tuple[str, ...], Entry]]:
    """The entries whose phrase begins with this word, longest first."""
    return _HEADS.get(word, ())
