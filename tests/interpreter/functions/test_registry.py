"""What the registry says about the functions, for the reference: all of it is there, and the examples run."""

from __future__ import annotations

import pytest

from interpreter.functions import AREAS, FUNCTIONS
from tests.interpreter.dialogue_kit import play

CANONICAL = {function.name: function for function in FUNCTIONS.values()}
SHOW = """
value = {expression}
SWITCH TYPEOF(value)
    CASE "null", "string", "array", "object"
        TALK JSON(value)
    DEFAULT
        TALK value
END SWITCH
"""


@pytest.mark.parametrize("name", sorted(CANONICAL))
def test_the_example_of_a_function_gives_what_the_reference_says(name):
    function = CANONICAL[name]

    assert name.casefold() in function.example.casefold()
    assert play(SHOW.format(expression=function.example)) == [function.gives]


@pytest.mark.parametrize("name", sorted(CANONICAL))
def test_a_function_is_described_in_one_sentence(name):
    function = CANONICAL[name]

    assert function.description.endswith(".")
    assert "  " not in function.description
    assert function.area in {area.__name__.rsplit(".", 1)[-1] for area in AREAS}
    assert all(FUNCTIONS[alias.casefold()] is function for alias in function.aliases)


def test_a_signature_shows_which_arguments_may_be_left_out():
    assert FUNCTIONS["mid"].signature == "MID(text, start[, length])"
    assert FUNCTIONS["lower"].signature == "LCASE(text)"
    assert FUNCTIONS["sort"].signature == "SORT(array[, field[, direction]])"
    assert FUNCTIONS["date"].signature == "DATE([year[, month[, day]]])"
    assert FUNCTIONS["push"].signature == "PUSH(array[, …])"
    assert FUNCTIONS["coalesce"].signature == "COALESCE([…])"
