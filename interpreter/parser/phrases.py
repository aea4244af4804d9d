"""Keywords: finding the longest phrase, and reading what its forms ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

from interpreter import catalogue, tree
from interpreter.forms import Element, Form, Operand, forms_of, shown, shown_plain
from interpreter.keywords import INTERPRETER_KEYWORDS, Keyword, KeywordTable
from interpreter.parser.expressions import ADDITIVE
from interpreter.parser.operands import Operands
from interpreter.parser.skeletons import condition_in
from interpreter.parser.stream import INFIX_WORDS, Unsupported
from interpreter.tokens import Token, fold

_OWN = KeywordTable(INTERPRETER_KEYWORDS)
_OPERAND_OPENERS = frozenset(("(", "[", "{", "#{"))
_ONE_VALUE = frozenset(("value", "name", "filter"))  # kinds that one expression can be
# Words that begin a statement of their own: a line with one of them goes on only where it must.
_ALSO_STATEMENTS = frozenset(("SET", "GET", "WITH", "SELECT"))

Found = TypeVar("Found")
Place = tuple[int, int]  # a form, and how much of it has been read
Read = tuple[list[Place], tree.Expression]  # a value, and which place it has in which form


class Phrases(Operands):
    """Reads keywords of the table, and refuses those of the catalogue."""

    def operand_follows(self, index: int) -> bool:
        """Whether the token at ``index`` begins a value that the word before it takes."""
        token = self.tokens[index]
        if token.kind == "word":
            return not self.is_infix(index)
        if token.key in ("[", "{"):
            before = self.tokens[index - 1]
            return before.start + len(before.text) != token.start
        return token.kind in ("string", "number", "bad") or token.key in _OPERAND_OPENERS

    def is_infix(self, index: int) -> bool:
        """Whether the word at ``index`` joins operands; ``to`` and ``like`` may be variables, too."""
        token = self.tokens[index]
        if token.key not in INFIX_WORDS:
            return False
        behind = self.tokens[index + 1]
        if behind.key in (",", "."):
            return False
        stands_alone = behind.kind in ("newline", "end") or (
            behind.kind == "op" and behind.key not in _OPERAND_OPENERS
        )
        return not stands_alone or fold(token.text) not in self.assigned

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
        if self._catalogued_further(count):
            return None
        forms = forms_of(keyword.forms)
        takes_operand = self.operand_follows(index) or self._literal_follows(forms, index)
        if not takes_operand:
            bare = () in forms and not (count == 1 and fold(tok.text) in self.assigned)
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
        return self.keyword_call(tok, keyword, self._operands(keyword, forms, statement))

    def _catalogued_further(self, count: int) -> bool:
        """Whether a longer phrase, which is no part of Trunkline, stands here: SEARCH PRODUCTS, not SEARCH."""
        longer = self.match(catalogue.starting_with)
        if longer is None or longer[2] <= count or self.keywords.find(longer[0].phrase) is not None:
            return False
        return self.operand_follows(longer[1])

    def _is_variable(self, tok: Token, index: int) -> bool:
        """``name(i)`` and ``name (x)`` of a variable or procedure that happens to be spelt like a keyword."""
        name = fold(tok.text)
        return name in self.procedure_names or (
            self.tokens[index].key in ("(", "[") and name in self.assigned
        )

    def _literal_follows(self, forms: Sequence[Form], index: int) -> bool:
        key = self.tokens[index].key
        return any(form and _word(form[0]) == key for form in forms)

    def keyword_call(
        self, tok: Token, keyword: Keyword, operands: dict[str, tree.Expression]
    ) -> tree.KeywordCall:
        arguments = [operands.get(name) for name in keyword.parameters]
        return tree.KeywordCall(tok.line, tok.column, keyword, arguments)

    # --- operands -------------------------------------------------------------------------------------------

    def _operands(
        self, keyword: Keyword, forms: Sequence[Form], statement: bool
    ) -> dict[str, tree.Expression]:
        """What was written behind the phrase, by operand name."""
        if self.tok.key == "(" and self._is_list(statement):
            opener = self.advance()
            self.deeper()
            operands = self._follow(keyword, forms, 1, in_brackets=True)
            self.close(")", opener)
            self.depth -= 1
            return operands
        plain = statement and not any("=" in form or "IN" in form for form in forms)
        return self._follow(keyword, forms, 1 if plain else ADDITIVE)

    def _is_list(self, statement: bool) -> bool:
        """Whether the bracket at the current token holds all operands, rather than beginning the first one."""
        close = self.matching(self.index)
        if statement:
            return self.tokens[close + 1 :][:1] == [] or self.tokens[close + 1].key in (
                "\n", "\0", ";", ":", "}", "ELSE",
            )  # fmt: skip
        before = self.tokens[self.index - 1]
        adjoins = before.start + len(before.text) == self.tok.start
        return adjoins or close == self.index + 1 or self._holds_comma(close)

    def _holds_comma(self, close: int) -> bool:
        index = self.index + 1
        while index < close:
            if self.tokens[index].key == ",":
                return True
            index = self.matching(index) if self.tokens[index].key in _OPERAND_OPENERS else index
            index += 1
        return False

    def _follow(
        self, keyword: Keyword, forms: Sequence[Form], level: int, *, in_brackets: bool = False
    ) -> dict[str, tree.Expression]:
        """Reads operands and joining words, keeping the forms that still fit."""
        alive: list[Place] = [(index, 0) for index in range(len(forms))]
        read: list[Read] = []
        while True:
            self._join_next_line(forms, alive)
            if literal := self._fitting(forms, alive, in_brackets):
                read.append((literal, self.literal(self.advance(), True)))
                alive = [(index, place + 1) for index, place in literal]
                self._go_on_behind_word(forms, alive)
                continue
            wanting = [place for place in alive if _is_operand(_at(forms, place))]
            if wanting and not self._stops():
                read.append(self._read_operand_of(forms, wanting, level))
                alive = [(index, place + 1) for index, place in read[-1][0]]
                continue
            form = next((index for index, place in alive if place == len(forms[index])), None)
            if form is not None:
                return _by_name(forms, form, read)
            self._incomplete(keyword, forms, alive)

    def _go_on_behind_word(self, forms: Sequence[Form], alive: list[Place]) -> None:
        """``UPDATE orders SET`` and ``WHERE`` at the end of a line: the operand stands indented on the next."""
        if self.tok.key != "\n" or self.tokens[self.index - 1].kind != "word":
            return
        if self.peek().column <= self._line_start().column:
            return
        kinds = {_operand(forms, place).kind for place in alive if _is_operand(_at(forms, place))}
        self.advance()
        begins = self.tok.kind == "string" or self.tok.key in _OPERAND_OPENERS
        if kinds & {"where", "filter"} and self.tok.kind == "word":
            begins = self._condition_follows()
        elif "pairs" in kinds:
            begins = self.suits("pairs")
        if not kinds or not begins:
            self.move(self.index - 1)

    def _line_start(self) -> Token:
        """The first token of the logical line that ends here."""
        index = self.index
        while index and self.tokens[index - 1].key != "\n":
            index -= 1
        return self.tokens[index]

    def _incomplete(self, keyword: Keyword, forms: Sequence[Form], alive: list[Place]) -> NoReturn:
        """Says what may follow here, and shows the shortest way of writing each."""
        shortest: dict[str, Form] = {}
        for index, place in alive:
            expected = _expected(_at(forms, (index, place)))
            if len(forms[index]) < len(shortest.get(expected, (*forms[index], ""))):
                shortest[expected] = forms[index]
        ways = [f"{keyword.phrase} {shown_plain(form)}" for form in list(shortest.values())[:3]]
        expected = " or ".join(shortest)
        message = f"Expected {expected} for {keyword.phrase}, but found {self.describe()}"
        self.fail(message, hint=f"Write  {',  or  '.join(ways)}")

    def _read_operand_of(self, forms: Sequence[Form], wanting: list[Place], level: int) -> Read:
        """Reads the operand that these forms want, and tells which of them go on behind it."""
        kinds = list(dict.fromkeys(_operand(forms, place).kind for place in wanting))
        kind = next((kind for kind in kinds if self.suits(kind)), kinds[0] if len(kinds) == 1 else "value")
        alike = _ONE_VALUE if kind in _ONE_VALUE else {kind}
        chosen = [place for place in wanting if _operand(forms, place).kind in alike]
        value = self.read_operand(kind, level)
        many = [place for place in chosen if _operand(forms, place).many]
        if many and kind in _ONE_VALUE:
            items = [value]
            while self.accept(","):
                items.append(self.expression(level))
            value = tree.ArrayLiteral(value.line, value.column, items)
        return many or chosen, value

    def _stops(self) -> bool:
        return self.ends_statement() or self.tok.key in (",", ")", "]") or self.is_infix(self.index)

    def _fitting(self, forms: Sequence[Form], alive: list[Place], in_brackets: bool) -> list[Place]:
        """The forms of which the current token is the next joining word; in brackets a comma stands for one."""
        fitting = [(index, place) for index, place in alive if self._fits(forms[index], place)]
        if fitting or not in_brackets or self.tok.key != ",":
            return fitting
        return [
            (index, place)
            for index, place in alive
            if place and isinstance(word := _at(forms, (index, place)), str) and word.isalpha()
        ]

    def _fits(self, form: Form, place: int) -> bool:
        """Whether the current token is the joining word or comma of the form at this place."""
        if place >= len(form) or _word(form[place]) != self.tok.key:
            return False
        if place + 1 < len(form) and _is_operand(form[place + 1]) and self.tok.kind == "word":
            following = self.tokens[self.index + 1]
            return self.operand_follows(self.index + 1) or following.key in ("-", "[", "{", "\n", "\0")
        return True

    def _join_next_line(self, forms: Sequence[Form], alive: list[Place]) -> None:
        """A line that begins with a joining word of the form continues the statement."""
        if self.tok.key != "\n" or self.tokens[self.index + 1].kind != "word":
            return
        key, after = self.tokens[self.index + 1].key, self.tokens[self.index + 2]
        if after.key in ("=", ".", "+=", "("):
            return
        complete = any(place == len(forms[index]) for index, place in alive)
        for index, place in alive:
            rest = [_word(element) for element in forms[index][place : place + 2]]
            if not rest or rest[0] != key:
                continue
            if key in _ALSO_STATEMENTS and complete and rest[1:] != [after.key] and after.kind != "string":
                continue
            self.advance()
            return

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
        elif count == 1 and not self.operand_follows(index) and (not entry.bare or name in self.assigned):
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

    def unsupported(self, entry: catalogue.Entry, tok: Token, shown: str = "") -> NoReturn:
        fault = Unsupported(
            "unsupported-keyword", catalogue.message(entry, shown), tok.line, tok.column, entry.hint
        )
        fault.entry = entry
        raise fault


def _word(element: Element) -> str:
    """What an element is written as; for an operand what no token has as its key."""
    return (element.word or "operand") if isinstance(element, Operand) else element


def _is_operand(element: Element | None) -> bool:
    return isinstance(element, Operand) and not element.word


def _at(forms: Sequence[Form], place: Place) -> Element | None:
    form = forms[place[0]]
    return form[place[1]] if place[1] < len(form) else None


def _operand(forms: Sequence[Form], place: Place) -> Operand:
    element = forms[place[0]][place[1]]
    assert isinstance(element, Operand)
    return element


def _by_name(forms: Sequence[Form], form: int, read: list[Read]) -> dict[str, tree.Expression]:
    """The values of the form that was written, by operand name."""
    found: dict[str, tree.Expression] = {}
    for places, value in read:
        for index, place in places:
            element = forms[index][place]
            if index == form and isinstance(element, Operand):
                read_text = condition_in(value) if element.kind == "filter" else None
                found[element.name] = read_text or value
    return found


def _expected(element: Element | None) -> str:
    if not isinstance(element, Operand) or element.word:
        return _word(element) if element else "the end of the statement"
    if element.kind in ("filter", "where"):
        return "a condition"
    return shown(element) if element.kind in ("pairs", "rows") else f"the {element.name.replace('_', ' ')}"
