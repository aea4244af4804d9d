"""Source text to tokens: comments, continuation, strings and raw blocks.

The lexer never raises. What it cannot read becomes a ``bad`` token that the parser reports when it gets
there, so that nothing is reported from inside a construct that the parser skips.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection

from interpreter.quoting import raw_parts, string_parts
from interpreter.tokens import Hole, Problem, Token, words

MAX_BAD = 100
"""Unreadable places after which the rest of a file is not looked at: keeps hostile text linear."""

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e"
)
_BLANK = r"[^\S\n]|[\u200b-\u200f\u2060\ufeff]"
_TOKEN = re.compile(
    rf"""(?:{_BLANK})*(?:
      (?P<word>[^\W\d][\w{_MARKS}]*\$?)
    | (?P<newline>\n)
    | (?P<comment>//)
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    | (?P<quote>["'“”„‘’])
    | (?P<hash>\#(?!\{{))
    | (?P<op><>|<=|>=|==|=<|=>|!=|&&|\|\||\?\?|\?\.|\+=|-=|\*=|/=|\#\{{|[-+*/^%&=<>?:.,()\[\]{{}};!])
    | (?P<bad>[^\n])
    )""",
    re.VERBOSE,
)
_FOREIGN_NUMBER = re.compile(r"0[xXbBoO]|[0-9_]+\Z")
_NAME_HINT = "A name starts with a letter"
_SIMPLE = re.compile(r'"([^"\\$\n]*)"')
_APOSTROPHE_STRING = re.compile(r"'(?:[^'\\\n]|\\.)*'")
_LISTED_STRING = re.compile(r"['‘](?:[^'’\\\n]|\\.)*['’][^\S\n]*(?=[,\]\)}:+&\n]|$)")
_AFTER_STRING = re.compile(r"""[\s,)\]}+&.:;=<>'/*?!|-]|$""")
_RAW_OPENING = re.compile(
    r"[^\S\n]*BEGIN[ \t_]+(TALK|SYSTEM[ \t_]+PROMPT|MAIL\b)((?<=MAIL)[^\n]*?)?[ \t]*(?:\n|\Z)", re.IGNORECASE
)
_STATEMENT_LINE = re.compile(
    r"[^\S\n]*(?:(?:talk|hear|if|elseif|for|while|select|switch|sub|function|let|set|print|begin|next|return"
    r"|exit)[^\S\n]+[\w\"]|(?:else|end|next|wend|loop|exit|return"
    r"|end[ _]?(?:if|for|sub|function|while|select|switch|with))"
    r"[^\S\n]*(?:\n|\Z))",
    re.IGNORECASE,
)
# A line that begins with AND or OR goes on with the one before it.
_JOINS = re.compile(r"[^\S\n]*(?:(?:AND|OR)\b(?![^\S\n]*(?:[-+*/]?=|[.\[]))|&&|\|\|)", re.IGNORECASE)
_OPENING = {"(": ")", "[": "]", "{": "}", "#{": "}"}
_CLOSING = {")", "]", "}"}
_CONTINUES = words(", + - * / & = AND OR XOR MOD && || ^ < > <= >= <> == != ?? += -= *= /= #{ ( [ { =< =>")

# A statement word after which an apostrophe opens a string.
_OPERAND_FOLLOWS = words(
    "TALK PRINT RETURN CASE IF WHILE UNTIL AND OR XOR NOT MOD IN LIKE CONTAINS WITH TO STEP AS HEAR GET SET "
    "CALL THROW RAISE ASSERT WAIT DEFAULT DESCRIPTION LOG MESSAGE SUGGESTION BY THAN MENU SELECT SWITCH "
    "BETWEEN"
)

# Words written as one that are several; they are separated where a statement may begin.
_SEPARATE = [
    "END IF",
    "END FOR",
    "END WHILE",
    "END SUB",
    "END FUNCTION",
    "END SELECT",
    "END SWITCH",
    "END DO",
    "END WITH",
    "END TRY",
    "ELSE IF",
    "FOR EACH",
    "SEND MESSAGE",
    "CLEAR ERROR",
    "SELECT CASE",
    "CASE ELSE",
    "EXIT FOR",
    "EXIT WHILE",
    "EXIT DO",
    "EXIT LOOP",
    "EXIT SUB",
    "EXIT FUNCTION",
    "DO WHILE",
    "DO UNTIL",
    "LOOP WHILE",
    "LOOP UNTIL",
    "ON ERROR",
    "ON ERROR RESUME NEXT",
    "ON ERROR GOTO",
    "SET SESSION",
    "RETURN WITH",
]
_JOINED = {
    **{phrase.replace(" ", "_"): phrase for phrase in _SEPARATE},
    **{phrase.replace(" ", ""): phrase for phrase in _SEPARATE if phrase.startswith(("END", "ELSE", "FOR"))},
    "ELSIF": "ELSE IF",
    "ELIF": "ELSE IF",
}
_BLOCK_HEADS = {"IF", "ELSE"}
_BRACKETED_HEADS = {"FOR", "WHILE", "SUB", "FUNCTION", "SWITCH", "SELECT", "DO"}  # a brace there is a mistake
# What a character that means nothing was probably meant for.
_MEANT = {
    "\\": "Whole division:  INT(7 / 2);  a line goes on by itself after an operator or a comma",
    "`": "A text stands in straight quotation marks, a value inside it is written ${name}",
    "@": 'An address is a text:  "ana@example.com"',
    "|": "Texts are joined with +, conditions with OR",
    "~": "Leave it out, or put it into a text",
    "$": "Leave the $ before a name out",
}


class Lexer:
    """Reads ``source[start:end]``.

    :param place: the number of the line that ``start`` is in, and the offset at which it begins.
    :param openers: further upper-case words after which an apostrophe opens a string.
    """

    def __init__(
        self,
        source: str,
        start: int = 0,
        end: int | None = None,
        *,
        place: tuple[int, int] = (1, 0),
        openers: Collection[str] = frozenset(),
    ) -> None:
        self.source = source
        self.start = start
        self.end = len(source) if end is None else end
        self.openers = openers
        self.tokens: list[Token] = []
        self._bad = 0
        self._brackets: list[tuple[str, Token]] = []
        self._line_starts: list[int] | None = None
        self._line, self._line_start = place

    def run(self) -> list[Token]:
        """All tokens, the last of kind ``end``; logical lines are separated by one ``newline`` each."""
        source, end, position = self.source, self.end, self.start
        tokens = self.tokens
        match = _TOKEN.match
        head = ""  # first word of the logical line
        fresh = True  # nothing but blanks so far on this physical line
        opening = True  # a statement may begin here
        while position < end:
            found = match(source, position, end)
            if found is None:  # blanks before the end
                break
            kind = found.lastgroup
            assert kind is not None
            at = found.start(kind)
            position = found.end()
            if kind == "word":
                text = source[at:position]
                key = text.upper().rstrip("$")
                if fresh and (key == "REM" or (key.startswith("BEGIN") and opening)):
                    if key == "REM":
                        position = self._line_end(position)
                        continue
                    if raw := _RAW_OPENING.match(source, at, end):
                        position = self._raw_block(at, raw)
                        opening = fresh = True
                        continue
                line, column = self._line, at - self._line_start + 1
                if key == "_" and not opening and self._line_end(position) == position:
                    hint = "Leave the _ out: a line goes on by itself after an operator or a comma"
                    self._reject("syntax", at, "_ does not continue a line", hint)
                    position = self._skipped_line(position)
                    continue
                if opening:
                    head = key
                    if (joined := _JOINED.get(key)) and not self._is_assigned(position):
                        for word in joined.split():
                            tokens.append(Token("word", word, text, None, line, column, at))
                        head = joined.split()[0]
                        opening = fresh = False
                        continue
                tokens.append(Token("word", key, text, None, line, column, at))
                opening = fresh = False
                if key in ("THEN", "ELSE"):
                    opening = True
            elif kind == "op":
                text = found["op"]
                line, column = self._line, at - self._line_start + 1
                token = Token("op", text, text, None, line, column, at)
                if text in _OPENING:
                    if not (text == "{" and self._heads_block(head) and self._opens_block(position)):
                        self._brackets.append((_OPENING[text], token))
                elif text in _CLOSING and self._brackets:
                    self._brackets.pop()  # also a wrong one: the parser reports it, the next line is safe
                tokens.append(token)
                fresh = False
                opening = text in (";", ":", "}") and not self._brackets
            elif kind == "newline":
                if self._ends_line(position):
                    tokens.append(
                        Token("newline", "\n", "\n", None, self._line, at - self._line_start + 1, at)
                    )
                    opening = True
                self._line += 1
                self._line_start = position
                fresh = True
            elif kind == "number":
                position = self._number(at, position)
                opening = fresh = False
            elif kind == "quote":
                quote = found["quote"]
                if quote in "'‘’" and not self._opens_string(at, quote, fresh):
                    position = self._line_end(position)
                    continue
                position = self._string(at, quote)
                opening = fresh = False
            elif kind == "comment":
                position = self._line_end(position)
            elif kind == "hash":
                if fresh:
                    position = self._line_end(position)
                    continue
                hint = "A comment in the middle of a line starts with an apostrophe: ' like this"
                self._reject("stray-character", at, "# starts a comment only at the start of a line", hint)
                position = self._line_end(position)
            else:
                position = self._stray(at, found["bad"], fresh)
                opening = fresh = False
            if self._bad >= MAX_BAD:
                break
        line, column = self._line, max(end - self._line_start, 0) + 1
        if tokens and (last := tokens[-1]).kind != "newline":
            behind = self._place(min(last.start + len(last.text), end))
            tokens.append(Token("newline", "\n", "", None, *behind, end))
        tokens.append(Token("end", "\0", "", None, line, column, end))
        return tokens

    def _stray(self, at: int, shown: str, fresh: bool) -> int:
        """A character that means nothing; returns where reading goes on."""
        if fresh and self.source.startswith("```", at):
            hint = "Leave the line out: a file holds the script alone"
            self._reject("stray-character", at, "``` is no part of a script", hint)
            return self._line_end(at)
        name = unicodedata.name(shown, f"U+{ord(shown):04X}").lower()
        hint = _MEANT.get(shown, "Leave it out, or put it into a text")
        self._reject("stray-character", at, f"The character {shown} ({name}) means nothing here", hint)
        if shown == "`" and (close := self.source.find("`", at + 1, self._line_end(at))) > 0:
            return close + 1
        return at + len(shown)

    # --- lines ----------------------------------------------------------------------------------------------

    def _line_end(self, position: int) -> int:
        found = self.source.find("\n", position, self.end)
        return self.end if found < 0 else found

    def _skipped_line(self, position: int) -> int:
        """The end of the line after the one that ends at ``position``."""
        if position >= self.end:
            return position
        self._line += 1
        self._line_start = position + 1
        return self._line_end(position + 1)

    def _ends_line(self, next_line: int) -> bool:
        """Whether the logical line ends with this physical one."""
        tokens = self.tokens
        if not tokens:
            return False
        last = tokens[-1]
        if last.kind == "newline":
            return False
        if _JOINS.match(self.source, next_line, self.end):
            return False
        if self._brackets:
            if not _STATEMENT_LINE.match(self.source, next_line, self.end):
                return False
            self._unclosed_bracket()
            return True
        if last.key not in _CONTINUES or last.kind not in ("op", "word"):
            return True
        return (last.key == "*" and len(tokens) > 1 and tokens[-2].key == ",") or last.key in ("{", "#{")

    def _unclosed_bracket(self) -> None:
        closing, opener = self._brackets[0]
        self._brackets.clear()
        problem = Problem(
            "unclosed-bracket", f"This {opener.text} is never closed", f"Add the missing {closing}"
        )
        self.tokens.append(Token("bad", "", opener.text, problem, opener.line, opener.column, opener.start))
        self._bad += 1

    def _is_assigned(self, position: int) -> bool:
        rest = self.source[position : position + 40].lstrip(" \t")
        return rest[:1] in ("=", ".", "[") and rest[:2] != "=="

    def _heads_block(self, head: str) -> bool:
        if head in _BRACKETED_HEADS:
            return bool(self.tokens) and self.tokens[-1].key == ")"
        return head in _BLOCK_HEADS

    def _opens_block(self, position: int) -> bool:
        """``IF c {`` and ``ELSE {``: a brace that ends its line after a complete operand."""
        if self._brackets or not self.tokens:
            return False
        last = self.tokens[-1]
        complete = last.key in (")", "]", "}", "ELSE", "THEN") or (
            last.kind != "op" and last.key not in _OPERAND_FOLLOWS
        )
        return complete and not self.source[position : self._line_end(position)].strip()

    # --- tokens ---------------------------------------------------------------------------------------------

    def _reject(self, code: str, at: int, message: str, hint: str) -> None:
        line, column = self._place(at)
        text = self.source[at : at + 20].split("\n")[0]
        self.tokens.append(Token("bad", "", text, Problem(code, message, hint), line, column, at))
        self._bad += 1

    def _place(self, at: int) -> tuple[int, int]:
        if at >= self._line_start:
            return self._line, at - self._line_start + 1
        if self._line_starts is None:
            self._line_starts = [0, *(m.end() for m in re.finditer("\n", self.source))]
        line = bisect_right(self._line_starts, at)
        return line, at - self._line_starts[line - 1] + 1

    def _number(self, at: int, position: int) -> int:
        text = self.source[at:position]
        line, column = self._line, at - self._line_start + 1
        following = self.source[position : position + 1]
        if following.isalpha() or following == "_":
            found = re.compile(r"\w+").match(self.source, at, self.end)
            position = found.end() if found else position
            shown = self.source[at:position][:40]
            self._reject(
                "malformed-number",
                at,
                f"{shown} is neither a number nor a name",
                "Numbers are decimal and undivided: 31, 1000" if _FOREIGN_NUMBER.match(shown) else _NAME_HINT,
            )
            return position
        value: int | float
        if text.isdigit():
            value = int(text) if len(text) <= 19 else 2**64
            too_large = value > 2**63
        else:
            value = float(text)
            too_large = value == float("inf")
        if too_large:
            hint = "Long digit strings such as card or account numbers belong in quotes"
            self._reject("number-too-large", at, "This number does not fit in 64 bits", hint)
            return position
        self.tokens.append(Token("number", "", text, value, line, column, at))
        return position

    def _opens_string(self, at: int, quote: str, fresh: bool) -> bool:
        """An apostrophe opens a string after something that wants an operand, if it closes on this line."""
        if quote == "’":
            return False
        if fresh:
            waits = bool(self._brackets) or (bool(self.tokens) and self.tokens[-1].kind != "newline")
            return waits and _LISTED_STRING.match(self.source, at, self.end) is not None
        last = self.tokens[-1]
        wants = (last.kind == "op" and last.key not in _CLOSING) or (
            last.kind == "word"
            and (last.key in _OPERAND_FOLLOWS or last.key.rsplit("_", 1)[-1] in self.openers)
        )
        if not wants:
            return False
        if quote == "‘":
            return "’" in self.source[at : self._line_end(at)]
        return _APOSTROPHE_STRING.match(self.source, at, self.end) is not None

    def _string(self, at: int, quote: str) -> int:
        """Reads the string at ``at``; returns where reading goes on."""
        source = self.source
        line, column = self._line, at - self._line_start + 1
        if (
            quote == '"'
            and source.startswith('"""', at)
            and (end := source.find('"""', at + 3, self.end)) > 0
        ):
            hint = "A text may run over several lines as it is; a long message is  BEGIN TALK … END TALK"
            self._reject("syntax", at, "A text begins with one quotation mark, not with three", hint)
            self._line += source.count("\n", at, end)
            self._line_start = source.rfind("\n", 0, end) + 1
            return end + 3
        if quote == '"' and (simple := _SIMPLE.match(source, at, self.end)):
            self.tokens.append(Token("string", "", simple[0], simple[1], line, column, at))
            return simple.end()
        close = quote
        if quote in "“”„":
            close = "”" if "”" in source[at + 1 : self._line_end(at)] else '"'
        elif quote == "‘":
            close = "’"
        parts, position, problem = string_parts(source, at + 1, self.end, close)
        if position < 0:
            hint = f"Close it with {close} at the end of line {line}"
            self._reject("unclosed-string", at, "This text is never closed", hint)
            return self._line_end(at)
        lines = source.count("\n", at, position)
        if lines:
            if not _AFTER_STRING.match(source, position, self.end):
                hint = f"Close it with {close} at the end of line {line}"
                self._reject("unclosed-string", at, "This text is not closed where it should be", hint)
                return self._line_end(at)
            self._line += lines
            self._line_start = source.rfind("\n", 0, position) + 1
        if problem is not None:
            self._reject(*problem)
            return position
        value: str | list[str | Hole] = parts
        if not any(isinstance(part, Hole) for part in parts):
            value = "".join(str(part) for part in parts)
        self.tokens.append(Token("string", "", source[at:position], value, line, column, at))
        return position

    # --- raw blocks -----------------------------------------------------------------------------------------

    def _raw_block(self, at: int, opening: re.Match[str]) -> int:
        """``BEGIN TALK`` … ``END TALK``: its words, its raw lines and an end of line."""
        source, line = self.source, self._line
        column = at - self._line_start + 1
        words = re.split(r"[ \t_]+", opening[1].upper())
        for word in ("BEGIN", *words):
            self.tokens.append(Token("word", word, word, None, line, column, at))
        if words == ["MAIL"]:
            address = Lexer(source, opening.start(2), opening.end(2), place=(line, self._line_start))
            self.tokens += address.run()[:-2]  # without the end of the line and of the text
        closing = re.compile(
            rf"^[^\S\n]*END[ \t_]+{'[ _]+'.join(words)}[^\S\n]*;?[^\S\n]*$", re.IGNORECASE | re.MULTILINE
        )
        found = closing.search(source, opening.end(), self.end)
        name = " ".join(words)
        if found is None:
            self._reject("unclosed-block", at, f"BEGIN {name} is never closed", f"Add a line END {name}")
            return self.end
        body_end = max(found.start() - 1, opening.end())
        position = self._line_end(found.end())
        self._line += source.count("\n", at, position)
        self._line_start = source.rfind("\n", 0, position) + 1
        value, problem = raw_parts(source, opening.end(), body_end)
        if problem is not None:
            self._reject(*problem)
        else:
            self.tokens.append(Token("raw", "", "", value, line, column, opening.end()))
        self.tokens.append(
            Token("newline", "\n", "", None, self._line, position - self._line_start + 1, position)
        )
        return position
