"""Keywords of the dialect that are recognised by name and not built.

A script that uses one is told so by name instead of getting a syntax error. A keyword registered in the
table always wins over its entry here, so an entry may stay when its keyword is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interpreter.tokens import words

_DATA = words("WHERE AND OR ORDER LIMIT SET VALUES FROM GROUP HAVING JOIN ON")
_MODEL = frozenset(("WITH",))


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase.

    :param later: True: it is to come; False: it is no part of Trunkline.
    :param ends: the lines that close its block, upper case; empty if it is one line.
    :param continued_by: words with which a further line of the same statement begins.
    """

    phrase: str
    later: bool
    ends: tuple[str, ...] = ()
    continued_by: frozenset[str] = frozenset()
    hint: str = ""


def message(entry: Entry, shown: str = "") -> str:
    """What a script's author is told."""
    phrase = shown or entry.phrase
    return f"{phrase} is not available yet" if entry.later else f"{phrase} is not part of Trunkline"


_LATER = """
FIND, FIND ALL, FIND ONE, FIND FIRST, SAVE, SAVE FROM UNSTRUCTURED, INSERT, INSERT INTO, UPDATE, DELETE,
DELETE FROM, MERGE, FILTER, AGGREGATE, MAP, GROUP BY, SORT, SEARCH
"""

_LATER_PLAIN = """
DELETE FILE, DELETE HTTP, JOIN, TALK TO, SEND MAIL, SEND EMAIL, SEND FILE, SEND FILE TO, SEND SMS, SEND
TEMPLATE, SEND TEMPLATE TO, SEND TO, SET CONTEXT, ADD TOOL, USE TOOL, REMOVE TOOL, LIST TOOLS, CLEAR TOOLS,
USE KB, ADD KB, SET KB, CLEAR KB, USE WEBSITE, ADD WEBSITE, CLEAR WEBSITES, SET BOT MEMORY, GET BOT MEMORY,
SET USER MEMORY, GET USER MEMORY, CLEAR USER MEMORY, SET USER FACT, REMEMBER USER FACT, USER FACTS, GET USER
FACTS, REMEMBER, RECALL, SET USER, POST, PUT, PATCH, SET HEADER, CLEAR HEADERS, READ, WRITE, LIST, DIR,
COPY, MOVE, UPLOAD, DOWNLOAD, CSV, REWRITE, SET ANSWER MODE, ALLOW ROLE, GENERATE CODE, TRANSFER TO HUMAN,
TRANSFER HUMAN, TRANSFER CONVERSATION, TAG CONVERSATION, ADD NOTE, SET PRIORITY, JSON PARSE, TOYAML, CREATE
TASK, SET SCHEDULE, WEBHOOK, THINK KB, USE MODEL, SET MODEL ROUTING, GET CURRENT MODEL, LIST MODELS, USE
ACCOUNT, BROADCAST, ADD SWITCHER, CLEAR SWITCHERS, CREATE TEMPLATE, GET TEMPLATE, BOOK, WEATHER, ON EMAIL,
GET TOOL PARAM
"""

_NEVER = """
SEARCH PRODUCTS, PRODUCT, SCAN BARCODE, GENERATE PDF, BOT SHARE MEMORY, BOT SYNC MEMORY, PUBLISH EVENT,
QUERY, QUERY METRICS, COMPRESS, CREATE DRAFT, FILL, CHART, CREATE CHART, GENERATE SECURE LINK, REPORT, RESET
REPORT, SCRAPE, SCRAPE ALL, SCRAPE TABLE, WAIT FOR EVENT, XML, EXCEL, CREATE INDEX, CREATE SITE, CREATE
WEBSITE, WEBSITE OF, KB STATISTICS, REFRESH, SET PAGE MODE, CONTINUATION TOKEN, SET MAX LINES, GRAPHQL,
SOAP, ADD BOT, EXTRACT, MERGE PDF, PIVOT, SEE, WEBHOOK POST, GET QUEUE, GET ATTENDANTS, ASSIGN CONVERSATION,
GET TIPS, NOTIFY AGENT, AI SCORE LEAD, SCORE LEAD, CRM LEAD, CACHE GET, CACHE SET, IMAGE, GET IMAGE, POST
TO, RECORD METRIC, ANSWER, PUBLISH, TRIGGER, ASK LLM, DELEGATE, BOT REFLECTION, USE MCP, MCP INVOKE, AUTO
TASK, REQUIRE APPROVAL, AUDIT LOG, RUN PYTHON, RUN JAVASCRIPT, RUN BASH, GPIO MODE, GPIO SET, GPIO GET, GPIO
PWM, GPIO SERVO, RELAY SET, LCD INIT, LCD PRINT, LCD CLEAR, LCD DRAW, OLED INIT, OLED PRINT, OLED CLEAR,
OLED DRAW, I2C, SPI, GET INSTAGRAM METRICS, GET FACEBOOK METRICS, GET LINKEDIN METRICS, GET TWITTER METRICS,
CARD, PLAY, QR CODE, OCR, FACE API, VIDEO, AUDIO, START MEET, INVITE TO MEET, IMPORT, EXPORT, SYNCHRONIZE,
ON CHANGE, SECURITY, RSS, MODEL ROUTE, HUMAN APPROVAL, FINALLY
"""

_BLOCKS = (
    Entry("TABLE", True, ("END TABLE",)),
    Entry("ON EVENT", False, ("END ON",)),
    Entry("ON FORM SUBMIT", False, ("END ON",)),
    Entry("ON INSERT", True, ("END ON",)),
    Entry("ON UPDATE", True, ("END ON",)),
    Entry("ON DELETE", True, ("END ON",)),
    Entry("SCHEDULE IN", False, ("END SCHEDULE",)),
    Entry("ORCHESTRATE", False, ("END ORCHESTRATE", "END WORKFLOW", "END ORCHESTRATION")),
    Entry("ORCHESTRATE WORKFLOW", False, ("END ORCHESTRATE", "END WORKFLOW", "END ORCHESTRATION")),
    Entry("PARALLEL", False, ("END PARALLEL",)),
    Entry("BEGIN TRANSACTION", False, ("COMMIT TRANSACTION", "COMMIT", "END TRANSACTION", "ROLLBACK")),
    Entry("BEGIN MAIL", True),
    Entry("PLAN START", False, ("PLAN END",)),
    Entry("STEP", False),
    Entry("BRANCH", False),
    Entry("LLM", True, continued_by=_MODEL),
    Entry("TOOL", False),
)

OUTSIDE = Entry("GET", True)
SUITE = Entry(
    "GET", False, hint="Paths of the original product's own services have nothing to answer them here"
)
CALL_PATH = Entry("CALL of a service path", False)
GET_OTHER_SESSION = Entry("GET SESSION of another session", True)
SET_TABLE = Entry(
    "SET of a table", False, hint='Two values set a session variable: SET "session.name", value'
)
HEAR_TYPE = Entry("HEAR AS", True)
SELECT_SQL = Entry("SELECT … FROM", False)


def _entries() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for text, later, continued in ((_LATER, True, _DATA), (_LATER_PLAIN, True, None), (_NEVER, False, None)):
        for phrase in text.replace("\n", " ").split(","):
            name = " ".join(phrase.split())
            found[name] = Entry(name, later, continued_by=continued or frozenset())
    return found | {entry.phrase: entry for entry in _BLOCKS}


ENTRIES: dict[str, Entry] = _entries()
_HEADS: dict[str, tuple[tuple[tuple[str, ...], Entry], ...]] = {}
for _entry in sorted(ENTRIES.values(), key=lambda entry: -entry.phrase.count(" ")):
    _words = tuple(_entry.phrase.split())
    _HEADS[_words[0]] = (*_HEADS.get(_words[0], ()), (_words, _entry))


def starting_with(word: str) -> Sequence[tuple[tuple[str, ...], Entry]]:
    """The entries whose phrase begins with this word, longest first."""
    return _HEADS.get(word, ())
