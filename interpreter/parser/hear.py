"""HEAR in all its spellings."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, NoReturn

from interpreter import catalogue, tree
from interpreter.hearing import KINDS, NOT_BUILT
from interpreter.parser import habits
from interpreter.parser.stream import INFIX_WORDS, nearest
from interpreter.parser.words import Words
from interpreter.tokens import Token

_MENU_WORDS = frozenset(("CHOICE", "CHOICES", "OPTIONS", "LIST", "ENUM", "BUTTONS", "SELECT", "ONE"))
_CLAUSES = frozenset(("AS", "WITH", "DEFAULT"))


class _Clauses(NamedTuple):
    kind: str
    options: list[tree.Expression]
    open_menu: bool
    prompt: tree.Expression | None
    default: tree.Expression | None


class HearForms(Words):
    """Reads HEAR statements and right-hand sides."""

    def hear_statement(self, tok: Token) -> tree.Statement:
        """``HEAR``, ``HEAR x``, ``HEAR x AS …``, ``HEAR AS email``."""
        self.advance()
        if self.ends_statement():
            return tree.Hear(tok.line, tok.column, "text", [], False, None, None)
        if self.tok.key == "AS" and self.peek().kind == "word" and self.peek(2).key != ",":
            word = self.peek()
            hear = self._hear_rest(tok)
            return tree.Assign(tok.line, tok.column, self.name(word), "=", hear)
        if self.tok.kind == "string":
            hint = "Name the variable:  answer = HEAR " + self.tok.text[:40].split("\n")[0]
            self.fail("HEAR needs the variable that takes the answer", hint=hint)
        target = self.target(
            self.postfix(self.name(self.identifier("a variable after HEAR", "Write  HEAR answer")))
        )
        if self.tok.key == "," and self.peek().kind == "string":  # HEAR x, "prompt"
            self.advance()
        return tree.Assign(tok.line, tok.column, target, "=", self._hear_rest(tok))

    def hear_value(self) -> tree.Hear:
        """``HEAR …`` as the right-hand side of an assignment."""
        tok = self.advance()
        if self.tok.key == "(" and self.tokens[self.matching(self.index) + 1].key in (
            "\n",
            "\0",
            ";",
            "AS",
            "WITH",
        ):
            opener = self.advance()
            prompt = None if self.tok.key == ")" else self.expression()
            self.close(")", opener)
            return self._hear_rest(tok, prompt)
        return self._hear_rest(tok)

    def target(self, node: tree.Expression) -> tree.Target:
        """What may be assigned: a name, member or element."""
        if isinstance(node, tree.Name | tree.Member | tree.Index):
            return node
        if isinstance(node, tree.Call) and len(node.arguments) == 1:
            name = tree.Name(node.line, node.column, node.name, node.spelling)
            return tree.Index(node.line, node.column, name, node.arguments[0])
        if isinstance(node, tree.MethodCall) and len(node.arguments) == 1:
            member = tree.Member(node.line, node.column, node.object, node.name)
            return tree.Index(node.line, node.column, member, node.arguments[0])
        return self.fail(
            "This cannot be assigned to", code="bad-target", hint="Assign to a variable", at=node
        )

    def _hear_rest(self, tok: Token, prompt: tree.Expression | None = None) -> tree.Hear:
        kind, options, open_menu = "text", list[tree.Expression](), False
        default: tree.Expression | None = None
        if prompt is None and self.tok.key not in _CLAUSES and not self.ends_statement():
            if (clause := habits.CLAUSE.get(self.tok.key)) and self.peek().kind in (
                "string",
                "word",
                "number",
            ):
                self.fail(f"Expected AS, WITH or DEFAULT, but found {self.describe()}", hint=clause)
            operator = self.tok.kind == "op" and self.tok.key not in ("(", ",")
            if self.tok.key in INFIX_WORDS or operator:
                self._refuse_inside()
            if self.tok.key != ",":
                prompt = self.expression()
        while self.tok.key in _CLAUSES:
            clause = self.advance().key
            if clause == "WITH":
                prompt = self.expression()
            elif clause == "DEFAULT":
                default = self.expression()
            else:
                asked = self._hear_type()
                kind, options, open_menu = asked.kind, asked.options, asked.open_menu
                prompt = asked.prompt or prompt
        if not self.ends_statement():
            if self.tok.key == "," and self.peek().kind == "word":
                hint = f"Ask again on the next line:  HEAR {self.peek().text[:40]}"
                self.fail("One HEAR takes one answer", hint=hint)
            if self.tok.kind == "op":
                self._refuse_inside()
            hint = habits.CLAUSE.get(self.tok.key) or self.hint_for_extra()
            self.fail(f"Expected AS, WITH or DEFAULT, but found {self.describe()}", hint=hint)
        return tree.Hear(tok.line, tok.column, kind, options, open_menu, prompt, default)

    def _refuse_inside(self) -> NoReturn:
        hint = "Hear first, then go on with the variable:  answer = HEAR"
        self.fail("HEAR cannot stand inside a larger expression", code="hear-in-expression", hint=hint)

    def _hear_type(self) -> _Clauses:
        word = self.tok
        if word.kind == "word" and word.key != "MENU":
            kind = KINDS.get(word.key)
            if kind is None or kind in NOT_BUILT:
                self._refuse_type(word)
            self.advance()
            if self.tok.key == "," and self.peek().kind == "string":  # HEAR x AS INTEGER, "prompt"
                self.advance()
            prompt = self.expression() if self.tok.kind == "string" else None
            return _Clauses(str(kind), [], False, prompt, None)
        named = self.accept("MENU") is not None
        options, open_menu = self._menu_options()
        single = len(options) == 1 and isinstance(options[0], tree.Literal | tree.Template | tree.Binary)
        if single and not named and not open_menu:
            return _Clauses("text", [], False, options[0], None)
        return _Clauses("menu", options, open_menu, None, None)

    def _refuse_type(self, word: Token) -> None:
        kind = KINDS.get(word.key, word.key.lower())
        if kind in NOT_BUILT:
            entry = replace(catalogue.HEAR_TYPE, hint=NOT_BUILT[kind])
            self.unsupported(entry, word, f"HEAR AS {word.key}")
        if self.peek().key in (",", "(") or word.key in _MENU_WORDS:
            self.fail(
                f"{word.text[:40]} is not a type that HEAR knows",
                code="unknown-hear-type",
                hint='A menu is a list of texts:  HEAR choice AS "Yes", "No"',
            )
        hint = (
            nearest(word.text, KINDS)
            or 'INTEGER, MONEY, BOOLEAN, DATE, EMAIL …, or a menu of texts: AS "Yes", "No"'
        )
        self.fail(f"{word.text[:40]} is not a type that HEAR knows", code="unknown-hear-type", hint=hint)

    def _menu_options(self) -> tuple[list[tree.Expression], bool]:
        """The choices of a menu, and whether ``*`` allows any other answer."""
        options: list[tree.Expression] = []
        open_menu = False
        while True:
            if self.tok.key == "*":
                self.advance()
                open_menu = True
            else:
                option = self.expression()
                if isinstance(option, tree.Logical) and option.op == "OR":
                    self.fail("OR does not join choices", hint=habits.CLAUSE["OR"], at=option)
                if isinstance(option, tree.ArrayLiteral):
                    options.extend(option.items)
                else:
                    options.append(option)
            if not self.accept(","):
                break
        if not options:
            self.fail("A menu needs at least one option", hint='HEAR x AS "Yes", "No"')
        return options, open_menu
