"""Keywords of more than one word: finding the longest phrase, and reading what its forms ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

from interpreter import catalogue, tree
from interpreter.keywords import INTERPRETER_KEYWORDS, Keyword, KeywordTable
from interpreter.parser import habits
from interpreter.parser.expressions import ADDITIVE, Expressions
from interpreter.parser.stream import INFIX_WORDS, Unsupported, plural
from interpreter.tokens import Token, fold

_OWN = KeywordTable(INTERPRETER_KEYWORDS)
_ELEMENT = re.compile(r"\.\.\.|[a-z_]+|[A-Z_0-9]+|[^\sa-zA-Z_]")
_OPERAND_OPENERS = frozenset(("(", "[", "{", "#{"))
_MORE = "..."

Found = TypeVar("Found")
Form = tuple[str, ...]


@lru_cache(maxsize=4096)
def split_form(form: str) -> Form:
    """``"key AS value"`` as ``("key", "AS", "value")``."""
    return tuple(_ELEMENT.findall(form))


@lru_cache(maxsize=4096)
def parameters_of(forms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(e for form in forms for e in split_form(form) if is_parameter(e)))


def is_parameter(element: str) -> bool:
    return element[0].islower() or (element[0] == "_" and element.islower())


class Phrases(Expressions):
    """Reads keywords of the table, and refuses those of the catalogue."""

    def operand_follows(self, index: int) -> bool:
        """Whether the token at ``index`` begins a value that the word before it takes."""
        token = self.tokens[index]
        if token.kind == "word":
            return token.key not in INFIX_WORDS
        if token.key in ("[", "{"):
            before = self.tokens[index - 1]
            return before.start + len(before.text) != token.start
        return token.kind in ("string", "number", "bad") or token.key in _OPERAND_OPENERS

    def match(
        self, starting_with: Callable[[str], Sequence[tuple[tuple[str, ...], Found]]]
    ) -> tuple[Found, int, int] | None:
        """The longest phrase at the current token: what it names, the index behind it, and how many words."""
        tok = self.tok
        head = tok.key.split("_", 1)[0] if "_" in tok.key else tok.key
        tokens = self.tokens
        for words, entry in starting_with(head):
            index, at = self.index, 0
            while at < len(words):
                token = tokens[index]
                if token.kind != "word":
                    break
                if token.key == words[at]:
                    at += 1
                else:
                    pieces = tuple(token.key.split("_"))
                    if pieces != words[at : at + len(pieces)]:
                        break
                    at += len(pieces)
                index += 1
            else:
                return entry, index, len(words)
        return None

    def keywords_with(self, word: str) -> Sequence[tuple[tuple[str, ...], Keyword]]:
        own, table = _OWN.starting_with(word), self.keywords.starting_with(word)
        if own and table:
            return sorted((*table, *own), key=lambda entry: -len(entry[0]))
        return table or own

    def keyword(self, *, statement: bool) -> tree.KeywordCall | None:
        """The keyword of the table that stands here, with its operands; None if there is none."""
        tok = self.tok
        found = self.match(self.keywords_with)
        if found is None:
            return None
        keyword, index, count = found
        takes_operand = self.operand_follows(index) or self._literal_follows(keyword, index)
        if not takes_operand:
            bare = "" in keyword.forms and not (count == 1 and fold(tok.text) in self.assigned)
            ended = self.tokens[index].key in ("\n", "\0", ";", "}")
            meant = (count > 1 and (not statement or ended)) or (statement and ended)
            if not bare and (not meant or fold(self.tokens[index - 1].text) in self.assigned):
                return None
        elif index == self.index + 1 and self._is_variable(tok, index):
            return None
        if not statement and not keyword.result:
            message = f"{keyword.phrase} answers nothing, so it cannot stand where a value is needed"
            self.fail(message, code="no-result", hint="Write it as a statement of its own")
        self.move(index)
        form, values = self._operands(keyword, statement)
        return self.keyword_call(tok, keyword, form, values)

    def _is_variable(self, tok: Token, index: int) -> bool:
        """``name(i)`` and ``name (x)`` of a variable or procedure that happens to be spelt like a keyword."""
        name = fold(tok.text)
        return name in self.procedure_names or (
            self.tokens[index].key in ("(", "[") and name in self.assigned
        )

    def _literal_follows(self, keyword: Keyword, index: int) -> bool:
        key = self.tokens[index].key
        return any((form := split_form(text)) and form[0] == key for text in keyword.forms)

    def keyword_call(
        self, tok: Token, keyword: Keyword, form: int, values: list[tree.Expression]
    ) -> tree.KeywordCall:
        names = parameters_of(keyword.forms)
        arguments: list[tree.Expression | None] = [None] * len(names)
        named = [e for e in split_form(keyword.forms[form]) if is_parameter(e)]
        for name, value in zip(named, values, strict=True):
            arguments[names.index(name)] = value
        return tree.KeywordCall(tok.line, tok.column, keyword, form, arguments)

    # --- operands -------------------------------------------------------------------------------------------

    def _operands(self, keyword: Keyword, statement: bool) -> tuple[int, list[tree.Expression]]:
        """Which form was written, and its values in order."""
        if self.tok.key == "(":
            behind = self.tokens[self.matching(self.index) + 1 :][:1]
            ended = not behind or behind[0].key in ("\n", "\0", ";", ":", "}", "ELSE")
            if not statement or ended:
                if self.tokens[self.index + 1].key == ")":
                    self.advance()
                    self.advance()
                    return self._form_of(keyword, [])
                if not any("AS" in split_form(form) for form in keyword.forms) or self._plain_list():
                    return self._form_of(keyword, self.listed(")", self.advance()))
        forms = [split_form(form) for form in keyword.forms]
        plain = statement and not any("=" in form or "IN" in form for form in forms)
        return self._follow(keyword, forms, 1 if plain else ADDITIVE)

    def _plain_list(self) -> bool:
        """Whether the brackets at the current token hold values separated by commas only, no AS."""
        close = self.matching(self.index)
        return all(token.key != "AS" for token in self.tokens[self.index : close])

    def _form_of(self, keyword: Keyword, values: list[tree.Expression]) -> tuple[int, list[tree.Expression]]:
        """The form that takes so many values written in brackets."""
        fitting = -1
        for index, text in enumerate(keyword.forms):
            form = split_form(text)
            count = sum(map(is_parameter, form))
            if form and form[-1] == _MORE and len(values) >= count:
                first = values[count - 1]
                rest = tree.ArrayLiteral(first.line, first.column, values[count - 1 :])
                return index, [*values[: count - 1], rest]
            if count == len(values):
                if all(is_parameter(e) or e == "," for e in form):
                    return index, values
                fitting = index if fitting < 0 else fitting
        if fitting < 0:
            message = f"{keyword.phrase} does not take {plural(len(values), 'value')}"
            self.fail(
                message, code="wrong-argument-count", hint=usage(keyword), at=self.tokens[self.index - 1]
            )
        return fitting, values

    def _follow(self, keyword: Keyword, forms: list[Form], level: int) -> tuple[int, list[tree.Expression]]:
        """Reads operands and joining words, keeping the forms that still fit."""
        alive = [(index, 0) for index in range(len(forms))]
        values: list[tree.Expression] = []
        while True:
            self._join_next_line(forms, alive)
            literal = [(i, p + 1) for i, p in alive if self._fits(forms[i], p)]
            if literal:
                self.advance()
                alive = literal
                continue
            wanting = [(i, p + 1) for i, p in alive if p < len(forms[i]) and is_parameter(forms[i][p])]
            if wanting and not self._stops():
                value = self.expression(level)
                if any(p < len(forms[i]) and forms[i][p] == _MORE for i, p in wanting):
                    value = self._further(value, level)
                    wanting = [(i, p + 1) for i, p in wanting if p < len(forms[i]) and forms[i][p] == _MORE]
                values.append(value)
                alive = wanting
                continue
            done = [i for i, p in alive if p == len(forms[i])]
            if done:
                return done[0], values
            expected = " or ".join(
                dict.fromkeys(self._shown(forms[i][p]) for i, p in alive if p < len(forms[i]))
            )
            self.fail(
                f"Expected {expected} for {keyword.phrase}, but found {self.describe()}", hint=usage(keyword)
            )

    def _stops(self) -> bool:
        return self.ends_statement() or self.tok.key in (",", ")", "]") or self.tok.key in INFIX_WORDS

    def _shown(self, element: str) -> str:
        return f"the {element.replace('_', ' ')}" if is_parameter(element) else element

    def _fits(self, form: Form, position: int) -> bool:
        """Whether the current token is the joining word or comma of the form at this place."""
        if position >= len(form) or is_parameter(form[position]) or form[position] != self.tok.key:
            return False
        if position + 1 < len(form) and is_parameter(form[position + 1]) and self.tok.kind == "word":
            following = self.tokens[self.index + 1]
            return self.operand_follows(self.index + 1) or following.key in ("-", "[", "{")
        return True

    def _join_next_line(self, forms: list[Form], alive: list[tuple[int, int]]) -> None:
        """A line that begins with a joining word of the form continues the statement."""
        if self.tok.key != "\n" or self.tokens[self.index + 1].kind != "word":
            return
        key, after = self.tokens[self.index + 1].key, self.tokens[self.index + 2].key
        for index, position in alive:
            rest = forms[index][position : position + 2]
            if rest and rest[0] == key and (key != "WITH" or (len(rest) > 1 and rest[1] == after)):
                self.advance()
                return

    def _further(self, first: tree.Expression, level: int) -> tree.Expression:
        items = [first]
        while self.accept(","):
            items.append(self.expression(level))
        return tree.ArrayLiteral(first.line, first.column, items)

    # --- what is not built ----------------------------------------------------------------------------------

    def refuse_catalogued(self, *, statement: bool) -> None:
        """Fails if a keyword stands here that the dialect has and Trunkline does not."""
        tok = self.tok
        found = self.match(catalogue.starting_with)
        if found is None:
            return
        entry, index, count = found
        if self.keywords.find(entry.phrase) is not None:
            return
        last = self.tokens[index - 1]
        name = fold(last.text if count > 1 else tok.text)
        if statement:
            if self.tokens[index].key in ("=", ".", "+=", "-=", "*=", "/=") and index == self.index + 1:
                return
        elif count == 1 and not self.operand_follows(index):
            return
        if not self.operand_follows(index) and name in self.assigned and index > self.index + 1:
            return
        if index == self.index + 1 and (
            fold(tok.text) in self.procedure_names
            or self._is_variable(tok, index)
            or self._is_function(tok, index)
        ):
            return
        self.unsupported(entry, tok)

    def _is_function(self, tok: Token, index: int) -> bool:
        return self.function(fold(tok.text)) is not None

    def function(self, name: str) -> tuple[int, int | None] | None:
        """Least and greatest number of arguments of a built-in function; None: there is no such function."""
        raise NotImplementedError

    def unsupported(self, entry: catalogue.Entry, tok: Token, shown: str = "") -> None:
        hint = entry.hint or habits.STATEMENT.get(tok.key, "The keywords that there are: trunkline keywords")
        fault = Unsupported(
            "unsupported-keyword", catalogue.message(entry, shown), tok.line, tok.column, hint
        )
        fault.ends = entry.ends
        fault.continued_by = entry.continued_by
        raise fault


def usage(keyword: Keyword) -> str:
    """How the keyword is written, every form."""
    written = (f"{keyword.phrase} {form}".replace(" ,", ",").strip() for form in keyword.forms)
    return "Write " + " or ".join(written)
