"""Keywords as data: what their forms stand for, and what the parser makes of every kind of operand."""

from __future__ import annotations

import time

import pytest

from interpreter import tree
from interpreter.errors import BasicError
from interpreter.forms import Operand, expand, shown_form
from interpreter.functions import FUNCTIONS
from interpreter.functions.conditions import read_condition
from interpreter.keywords import Keyword, KeywordTable
from interpreter.parser import parse
from tests.interpreter.language_table import KEYWORDS, codes, parsed, shape
from tests.interpreter.library_kit import Run


def arguments(source: str) -> dict[str, str]:
    """The operands that one keyword statement was given, as text."""
    script, findings = parsed(source)
    assert not findings, findings
    (only,) = script.body
    call = only.value
    assert isinstance(call, tree.KeywordCall)
    named = zip(call.keyword.parameters, call.arguments, strict=True)
    return {name: shape(value) for name, value in named if value is not None}


# --- forms --------------------------------------------------------------------------------------------------


def test_brackets_stand_for_every_form_with_and_without_what_is_in_them() -> None:
    assert expand("a [, b | TO b]") == (
        (Operand("a"), ",", Operand("b")),
        (Operand("a"), "TO", Operand("b")),
        (Operand("a"),),
    )
    assert expand("(X | Y) n:name") == (("X", Operand("n", "name")), ("Y", Operand("n", "name")))
    assert expand("a [only=FIRST]")[0] == (Operand("a"), Operand("only", "flag", word="FIRST"))
    assert expand("a , b ...")[0][2] == Operand("b", many=True)


@pytest.mark.parametrize("form", ["[ a", "a ]", "a:nothing", "... a", "a (b"])
def test_a_form_that_cannot_be_read_is_refused_when_it_is_declared(form: str) -> None:
    with pytest.raises(ValueError, match="form"):
        Keyword(phrase="X", forms=(form,), effect="local", handler=print, description="")


def test_the_reference_shows_a_form_as_it_is_written() -> None:
    assert shown_form("table:name [, filter:filter | WHERE where:where] [first=FIRST]") == (
        "table [, condition | WHERE condition] [FIRST]"
    )
    assert shown_form("a (SET | WITH) pairs:pairs , b ...") == "a (SET | WITH) name = value, …, b …"


def test_a_plugin_may_answer_a_keyword_that_nobody_answers_and_no_other() -> None:
    mine = Keyword(phrase="SEND SMS", forms=("text",), effect="local", handler=print, description="")
    table = KeywordTable((*KEYWORDS, mine))
    assert table.find("SEND SMS") is mine
    with pytest.raises(ValueError, match="defined twice"):
        KeywordTable((*table, mine))


# --- operands -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "operand", "shown"),
    [
        ('(name, total) VALUES ("Ana", 5)', "row", "ObjectLiteral([('name', Literal('Ana')), ('total', Literal(5))])"),
        ("(n)\nVALUES (1), (x)", "row",
         "ArrayLiteral([ObjectLiteral([('n', Literal(1))]), ObjectLiteral([('n', Name('x'))])])"),
        ("VALUES row", "row", "Name('row')"),
        ("VALUES (x)", "fields", "ArrayLiteral([ObjectLiteral([('name', Literal('x')), ('value', Name('x'))])])"),
        ("SET n = 1", "pairs", "ObjectLiteral([('n', Literal(1))])"),
    ],
)  # fmt: skip
def test_insert_takes_columns_and_values_as_sql_writes_them(written: str, operand: str, shown: str) -> None:
    assert arguments(f"INSERT INTO orders {written}") == {"table": "Literal('orders')", operand: shown}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("'n=' + x", "ObjectLiteral([('column', Literal('n')), ('op', Literal('=')), ('value', Name('x'))])"),
        ("\"n='${x}'\"",
         "ObjectLiteral([('column', Literal('n')), ('op', Literal('=')), ('value', Template([Name('x')]))])"),
        ("'L-' + x", "Binary('+', Literal('L-'), Name('x'))"),
        ("x", "Name('x')"),
        ("'n=1'", "Literal('n=1')"),
    ],
)  # fmt: skip
def test_a_value_in_the_text_of_a_condition_stays_a_value(written: str, shown: str) -> None:
    found = arguments(f"DELETE orders, {written}")
    assert found == {"table": "Literal('orders')", "filter": shown}


def test_the_row_of_the_old_way_to_update_is_an_object() -> None:
    found = arguments("SET 'orders', 'id=' + x, 'state=paid, total=' + x")
    assert found["row"] == "ObjectLiteral([('state', Literal('paid')), ('total', Name('x'))])"


def test_where_becomes_a_structure_whose_right_sides_belong_to_the_script() -> None:
    assert arguments("FIND orders WHERE state = state AND NOT (total > least OR city IS NULL)") == {
        "table": "Literal('orders')",
        "where": (
            "ObjectLiteral([('all', ArrayLiteral([ObjectLiteral([('column', Literal('state')), "
            "('op', Literal('=')), ('value', Name('state'))]), ObjectLiteral([('not', ObjectLiteral("
            "[('any', ArrayLiteral([ObjectLiteral([('column', Literal('total')), ('op', Literal('>')), "
            "('value', Name('least'))]), ObjectLiteral([('column', Literal('city')), "
            "('op', Literal('IS NULL'))])]))]))])]))])"
        ),
    }


def test_a_bare_name_is_a_table_unless_it_is_a_variable_that_holds_a_text() -> None:
    assert arguments("SAVE orders, x")["table"] == "Literal('orders')"
    assert arguments("SAVE sales.orders, x")["table"] == "Literal('sales.orders')"
    script, _ = parsed('orders = "sales"\nSAVE orders, x')
    assert isinstance(script.body[1].value.arguments[0], tree.Conditional)


def test_values_carry_the_names_that_they_are_written_by() -> None:
    fields = arguments("SAVE t, name, order.total, 5")["fields"]
    assert fields.count("('name', Literal('name'))") == 1
    assert "('name', Literal('total'))" in fields
    assert "('name', Literal(None)), ('value', Literal(5))" in fields


def test_each_operand_goes_to_the_form_that_was_written() -> None:
    assert set(arguments('UPDATE "t", "id=1", x')) == {"table", "filter", "row"}
    assert set(arguments('UPDATE "t", 1, "c", x')) == {"table", "filter", "column", "value"}
    assert set(arguments('UPDATE "t", x')) == {"table", "row"}
    assert set(arguments("UPDATE t SET a = 1, b = 2 WHERE c = 3")) == {"table", "pairs", "where"}
    assert set(arguments('SEND MAIL "a", "b"')) == {"recipient", "body"}
    assert set(arguments('SEND TEMPLATE "t", "email", "a", x')) == {
        "template",
        "channels",
        "recipient",
        "variables",
    }
    assert set(arguments('FIND "t", "c", 5 ORDER BY a DESC LIMIT 3 FIRST')) == {
        "table", "column", "value", "order", "limit", "first",
    }  # fmt: skip


def test_the_rest_of_a_line_may_be_a_text() -> None:
    script, findings = parsed("SET SCHEDULE every monday at 9am // weekly\nWEBHOOK orders\nTALK 1")
    assert not findings
    assert [(d.phrase, d.arguments) for d in script.declarations] == [
        ("SET SCHEDULE", {"schedule": "every monday at 9am"}),
        ("WEBHOOK", {"name": "orders"}),
    ]


def test_a_schedule_that_is_calculated_is_a_statement() -> None:
    script, _ = parsed('when = NOW()\nSET SCHEDULE when, "report"')
    assert not script.declarations
    assert len(script.body) == 2


def test_a_table_is_read_in_both_spellings() -> None:
    script, findings = parsed(
        "TABLE orders ON main\n  id number key\n  name string(50, 2)\nEND TABLE\n"
        "TABLE t\n  id INTEGER PRIMARY KEY,\n  s VARCHAR(9) DEFAULT 'a',\n  UNIQUE (s)\nEND TABLE\nTALK 1"
    )
    assert not findings
    first, second = (declaration.arguments for declaration in script.declarations)
    assert (first["name"], first["connection"]) == ("orders", "main")
    assert first["columns"][1] == {"name": "name", "type": "string", "size": [50, 2], "attributes": ""}
    assert second["columns"][1]["attributes"] == "DEFAULT 'a'"
    assert second["constraints"] == ["UNIQUE (s)"]


def test_a_mail_block_has_a_subject_and_a_body() -> None:
    found = arguments('BEGIN MAIL "a@b.c"\nSubject: Hi\n\nDear you\n\nbye\nEND MAIL')
    assert found == {
        "recipient": "Literal('a@b.c')", "subject": "Literal('Hi')", "body": r"Literal('Dear you\n\nbye')",
    }  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        'FIND "t"\n  WHERE a = 1\n  AND b = 2\n  ORDER BY a\n  LIMIT 3',
        "UPDATE t\n  SET a = 1\n  WHERE b = 2",
        'x = LLM "p"\n  WITH OPTIMIZE FOR "speed"',
        "IF a\n  AND b\n  OR c THEN TALK 1",
    ],
)
def test_a_line_that_begins_with_a_joining_word_goes_on(source: str) -> None:
    assert len(parsed(source)[0].body) == 1
    assert codes(source) == []


def test_a_longer_phrase_that_is_no_part_of_trunkline_is_found_before_a_shorter_one_that_is() -> None:
    assert codes('SEARCH PRODUCTS "tea"') == [("unsupported-keyword", 1, 1)]
    assert codes('x = SEARCH products, "tea"') == []


def test_words_of_the_language_may_be_variables() -> None:
    assert (
        codes("to = 1\nstep = 2\nFOR i = to TO step STEP step\nTALK to + i\nNEXT\nSEND MAIL to, step") == []
    )


def test_many_keywords_are_parsed_in_time_that_grows_with_their_number() -> None:
    line = 'x = FIND "orders", "a=1" ORDER BY a DESC LIMIT 5\n'
    begun = time.process_time()
    parse("t", line * 200, KEYWORDS)
    short = time.process_time() - begun
    begun = time.process_time()
    parse("t", line * 2000, KEYWORDS)
    assert time.process_time() - begun < max(short, 0.02) * 30


# --- conditions in texts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "a", "= 1", "(a = 1", "a = 1) b", "a NOT 1", "a IN 1", "(" * 40])
def test_a_text_that_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(BasicError) as refused:
        read_condition(text)
    assert refused.value.code == "E_FILTER"


def test_a_condition_that_a_script_makes_up_is_refused() -> None:
    with pytest.raises(BasicError):
        FUNCTIONS["filter"].call(Run(), [{"a": 1}], {"column": "a"})


def test_a_context_may_be_a_variable_that_another_script_sets() -> None:
    assert arguments("SET CONTEXT resume")["text"] == "Name('resume')"
    assert arguments("SET CONTEXT sales AS resume")["key"] == "Literal('sales')"
