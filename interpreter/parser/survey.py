"""A first look over the tokens: which names a script sets, and which procedures it defines.

Words are contextual, so the parser must know before it starts whether ``list`` is a variable of this script.
"""

from __future__ import annotations

from typing import NamedTuple

from interpreter.tokens import Token, fold

_ASSIGNS = frozenset(("=", "+=", "-=", "*=", "/=", ".", "["))
_BEGINS = frozenset(("\n", ";", ":", "THEN", "ELSE", "LET", "SET", "}", ""))
_NAMES_NEXT = frozenset(("HEAR", "DIM", "WITH", "CATCH", "PARAM", "EACH", "FOR", "GET"))


class Survey(NamedTuple):
    assigned: frozenset[str]
    procedures: frozenset[str]


def survey(tokens: list[Token]) -> Survey:
    """The names that are assigned anywhere, parameters included, and those of procedures."""
    assigned: set[str] = set()
    procedures: set[str] = set()
    before = earlier = ""
    for index, token in enumerate(tokens):
        if token.kind != "word":
            earlier, before = before, token.key
            continue
        key = token.key
        if before in _BEGINS:
            following = tokens[index + 1]
            element = following.key == "(" and _element_assigned(tokens, index + 1)
            if following.key in _ASSIGNS or element or (before == "SET" and following.key == ","):
                assigned.add(fold(token.text))
            elif key in ("SUB", "FUNCTION") and following.kind == "word":
                procedures.add(fold(following.text))
                assigned.update(_parameters(tokens, index + 2))
        named = before in _NAMES_NEXT and key not in ("EACH", "AS")
        named = named and (before != "GET" or earlier in _BEGINS)  # x = GET name sets x only
        heard = before == "AS" and key != "MENU" and index > 1 and tokens[index - 2].key == "HEAR"
        if named or heard:
            assigned.add(fold(token.text))
        earlier, before = before, key
    return Survey(frozenset(assigned), frozenset(procedures))


def _parameters(tokens: list[Token], index: int) -> set[str]:
    found: set[str] = set()
    if tokens[index].key == "(":
        while tokens[index].key not in (")", "\n", "\0"):
            if tokens[index].kind == "word":
                found.add(fold(tokens[index].text))
            index += 1
    return found


def _element_assigned(tokens: list[Token], index: int) -> bool:
    """``a(i) = …``: whether the bracket at ``index`` is followed by an assignment."""
    depth = 0
    for token in tokens[index : index + 40]:
        if token.key == "(":
            depth += 1
        elif token.key == ")":
            depth -= 1
        elif depth == 0:
            return token.key == "="
    return False
