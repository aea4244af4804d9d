"""begin and resume: budgets, errors, what a step says of itself."""

from __future__ import annotations

import gc
import time
from typing import Any

import pytest

from interpreter.effects import Answer, Elapsed, Hear, Limits, Overrun, Returned, Said, Settings, Step, Wait
from interpreter.errors import ReleaseError, SnapshotError
from interpreter.program import compile_release
from interpreter.run import begin, drop_frames, resume, stored_variables
from interpreter.runtime import Run
from tests.interpreter.dialogue_kit import KEYWORDS, Player, World, compiled, play


def started(source: str, *, snapshot: bytes = b"", inline: bool = False, **limits: Any) -> Step:
    world = World(settings=Settings(limits=Limits(**limits)))
    return begin(
        compiled(start=source), "start", snapshot=snapshot, surroundings=world.surroundings(run_inline=inline)
    )


def code_of(step: Step) -> str:
    assert step.error is not None
    return step.error.code


# --- budgets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "endless",
    [
        "WHILE TRUE\nWEND",
        "DO\nLOOP",
        "again:\nGOTO again",
        "FOR i = 1 TO 1000000000000\nNEXT",
        "FOR i = 1 TO 1e300 STEP 0.1\nNEXT",
        "FOR i = 1 TO 5\n i = 1\nNEXT",
        "a = [1]\nFOR EACH x IN a\n DO\n LOOP\nNEXT",
        "SUB s()\n DO\n LOOP\nEND SUB\ns()",
        "FUNCTION f(n)\n RETURN g(n)\nEND FUNCTION\nFUNCTION g(n)\n RETURN f(n)\nEND FUNCTION\nTALK f(1)",
        "x:\nGOSUB x",
        "SUB s(n)\n h = n\n IF n < 0 THEN HEAR h\n s(n + 1)\nEND SUB\ns(1)",
        "ON ERROR RESUME NEXT\nWHILE TRUE\n x = 1 / 0\nWEND",
        "ON ERROR GOTO bad\nbad:\nON ERROR GOTO bad\nx = 1 / 0",
        's = "x"\nFOR i = 1 TO 99\n s = s + s\nNEXT',
        's = "xx"\nWHILE TRUE\n s = REPLACE(s, "x", s)\nWEND',
        "a = [1]\nWHILE TRUE\n a = a + a\nWEND",
        "a = []\na[999999999] = 1",
        "DIM a(1000000000)",
        'WHILE TRUE\n TALK "spam"\nWEND',
        'WHILE TRUE\n PRINT "spam"\nWEND',
        's = "0123456789"\nWHILE TRUE\n t = s & s & s\n x = t CONTAINS "y"\nWEND',
    ],
)
def test_nothing_runs_for_ever_and_nothing_grows_for_ever(endless: str) -> None:
    before = time.thread_time()
    step = started(f'kept = 1\nTALK "said"\n{endless}\nTALK "never"', units=50_000)
    assert code_of(step).startswith("E_BUDGET"), step.error
    assert step.outputs == []
    assert step.suspension is None
    assert stored_variables(step.snapshot) == {}
    assert time.thread_time() - before < 2.0


def test_the_budget_starts_again_at_each_suspension() -> None:
    player = Player(
        {"start": "WHILE TRUE\n FOR i = 1 TO 600\n NEXT\n x = HEAR\nWEND"},
        World(settings=Settings(limits=Limits(units=1000))),
    )
    player.begin()
    for _ in range(5):
        assert player.hear("x").error is None


def test_a_budget_error_keeps_what_earlier_steps_set() -> None:
    player = Player({"start": 'n = 1\nx = HEAR\nn = 2\nTALK "no"\nWHILE TRUE\nWEND'})
    player.begin()
    step = player.hear("go")
    assert step.outputs == []
    assert step.variables is None
    assert stored_variables(step.snapshot) == {"n": 1}
    assert step.snapshot == drop_frames(player.snapshot)


def test_a_budget_error_says_where() -> None:
    step = started("SUB spin()\n WHILE TRUE\n WEND\nEND SUB\n\nspin()", units=2000)
    assert step.error is not None
    assert step.error.trace == [("start", 2), ("start", 6)]


def test_a_hundred_calls_inside_each_other_are_not_too_many() -> None:
    deep = (
        "FUNCTION down(n)\n IF n = 1 THEN RETURN 1\n RETURN 1 + down(n - 1)\nEND FUNCTION\nRETURN down({0})"
    )
    assert started(deep.format(100)).result == 100
    assert code_of(started(deep.format(102))) == "E_BUDGET_DEPTH"


def test_units_handed_to_each_depth_of_calls_are_not_lost() -> None:
    """Loops at every depth take units in hundreds; what is left of them is there for the others."""
    nested = (
        "FUNCTION down(n)\n FOR i = 1 TO 2\n NEXT\n IF n = 1 THEN RETURN 1\n RETURN down(n - 1)\nEND FUNCTION\n"
        "FOR j = 1 TO 5\n x = down(90)\nNEXT\nRETURN x"
    )
    spent = started(nested).units
    assert 5 * 90 * 3 <= spent <= 5 * 90 * 4
    assert started(nested, units=spent).result == 1
    assert code_of(started(nested, units=spent - 1)) == "E_BUDGET_UNITS"


def test_a_finished_step_does_not_wait_for_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        before = runs_alive()
        started("FUNCTION f(n)\nRETURN n\nEND FUNCTION\nFOR i = 1 TO 9\nx = f(i)\nNEXT\nHEAR y")
        assert runs_alive() == before
    finally:
        gc.enable()


def runs_alive() -> int:
    return sum(isinstance(each, Run) for each in gc.get_objects())


def test_units_are_counted_the_same_each_time() -> None:
    source = 's = ""\nFOR i = 1 TO 300\n s = s + "some text"\nNEXT\nx = HEAR'
    assert started(source).units == started(source).units > 300


def test_a_long_step_overruns_inline_and_ends_in_a_thread() -> None:
    source = "FOR i = 1 TO 30000\nNEXT\nRETURN i"
    with pytest.raises(Overrun):
        started(source, inline=True)
    assert started(source).result == 30000
    assert started("RETURN 5", inline=True).result == 5


def test_a_step_that_is_inline_and_beyond_a_small_budget_is_a_budget_error() -> None:
    assert code_of(started("WHILE TRUE\nWEND", inline=True, units=500, inline_units=500)) == "E_BUDGET_UNITS"


def test_variables_are_limited() -> None:
    step = started('s = REPEAT("x", 900)\nt = s\nTALK "said"\nu = HEAR', variables=2000)
    assert isinstance(step.suspension, Hear)
    step = started('s = REPEAT("x", 900)\nt = s + s\nTALK "said"\nu = HEAR', variables=2000)
    assert code_of(step) == "E_VARS_LIMIT"
    assert step.outputs == []
    assert step.suspension is None


def test_calls_are_limited_to_a_hundred() -> None:
    source = "FUNCTION down(n)\n IF n = 0 THEN RETURN 0\n RETURN down(n - 1)\nEND FUNCTION\nRETURN down({})"
    assert started(source.format(90)).result == 0
    assert code_of(started(source.format(200))) == "E_BUDGET_DEPTH"
    waiting = (
        "FUNCTION down(n)\n IF n = 0 THEN\n  HEAR x\n RETURN 0\n END IF\n"
        " RETURN down(n - 1)\nEND FUNCTION\nRETURN down({})"
    )
    assert isinstance(started(waiting.format(90)).suspension, Hear)
    assert code_of(started(waiting.format(200))) == "E_BUDGET_DEPTH"


def test_fifty_messages_a_turn_and_no_more() -> None:
    source = "FOR i = 1 TO {}\n TALK i\nNEXT\nx = HEAR"
    assert len(started(source.format(50)).outputs) == 50
    assert code_of(started(source.format(51))) == "E_BUDGET_TALKS"


# --- errors ----------------------------------------------------------------------------------------


def test_an_error_names_the_lines_of_all_calls_innermost_first() -> None:
    player = Player(
        {
            "start": 'x = 1\nCALL "other.bas"\nTALK "never"',
            "other": (
                "\nSUB deep()\n y = HEAR\n z = plain(y)\nEND SUB\n"
                "FUNCTION plain(v)\n RETURN v / 0\nEND FUNCTION\ndeep()"
            ),
        }
    )
    player.begin()
    step = player.hear("5")
    assert step.error is not None
    assert step.error.trace == [("other", 7), ("other", 4), ("other", 9), ("start", 2)]
    assert str(step.error) == "Division by zero"
    assert step.variables is None or "y" not in step.variables


@pytest.mark.parametrize(
    "source",
    [
        'n = 0\nTALK "Per head: " + ROUND(10 ◆/ n, 2) + " each"',
        'list = "a"\nTALK "In all ${◆SUM(list)} pieces"',
        'IF 5 > 3 AND ◆SQR(0 - 1) > 2 THEN TALK "no"',
        'DO WHILE ◆CDBL("a") > 2\nLOOP',
        "FOR EACH x IN 5 ◆+ 5\nNEXT",
        "FOR EACH x IN 5 ◆+ 5\n  HEAR y\nNEXT",
        "WAIT ◆-1",
        'total = 1 +\n    2 *\n    3 ◆- "x"',
        "BEGIN TALK\nYou owe\n${1 ◆/ 0} euros\nEND TALK",
        "n = 5\n◆n.a = 1",
        'x = twice(2)\nFUNCTION twice(n)\n  RETURN n ◆* "x"\nEND FUNCTION',
        'y = "u"\nHEAR x\nz = 1 + (x ◆* y)',
    ],
)
def test_an_error_points_at_what_failed(source: str) -> None:
    before = source.partition("◆")[0]
    player = Player({"start": source.replace("◆", "")})
    step = player.begin()
    if step.suspension is not None:
        step = player.hear("5")
    assert step.error is not None
    place = step.error.trace[0][1], step.error.column or 1
    assert place == (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1), step.error
    shown = step.error.render({"start": source.replace("◆", "")}).splitlines()
    assert shown[3].index("^") == shown[2].index("|") + 2 + place[1] - 1


def test_an_uncaught_error_keeps_what_was_said_and_set() -> None:
    step = started('n = 1\nTALK "one"\nm = n / 0')
    assert [output.text for output in step.outputs if isinstance(output, Said)] == ["one"]
    assert step.variables == {"n": 1}
    assert step.suspension is None


def test_the_hosts_own_exceptions_pass_through_untouched() -> None:
    class NeedRead(Exception):
        pass

    def call(phrase: str, arguments: tuple[Any, ...]) -> Any:
        raise NeedRead

    world = World()
    world.call = call  # type: ignore[method-assign]
    with pytest.raises(NeedRead):
        begin(
            compiled(start='ON ERROR RESUME NEXT\nTRY\n x = GET BOT MEMORY "k"\nCATCH e\nEND TRY'),
            "start",
            snapshot=b"",
            surroundings=world.surroundings(),
        )


def test_a_local_keywords_error_can_be_caught() -> None:
    assert play('TRY\n FAIL HERE "oh"\nCATCH e\n TALK e + ERR\nEND TRY\nFAIL HERE "again"') == [
        "oh4001",
        "! E_HERE",
    ]


def test_a_thrown_object_gives_number_and_message() -> None:
    assert play(
        'TRY\n THROW { "number": 1404, "message": "gone" }\nCATCH e\n TALK e + " " + ERR\nEND TRY'
    ) == ["gone 1404"]


# --- waiting ---------------------------------------------------------------------------------------


def test_an_event_that_does_not_answer_is_refused() -> None:
    world = World()
    release = compiled(start="x = HEAR\nWAIT 1")
    step = begin(release, "start", snapshot=b"", surroundings=world.surroundings())
    for event in (Elapsed(), Returned(1)):
        with pytest.raises(ValueError, match="does not answer a hear"):
            resume(release, snapshot=step.snapshot, event=event, surroundings=world.surroundings())
    step = resume(release, snapshot=step.snapshot, event=Answer("a"), surroundings=world.surroundings())
    assert step.suspension == Wait(1.0)
    with pytest.raises(ValueError, match="does not answer a wait"):
        resume(release, snapshot=step.snapshot, event=Answer("b"), surroundings=world.surroundings())


def test_a_snapshot_in_which_nothing_waits_cannot_be_resumed() -> None:
    release = compiled(start="x = 1")
    step = begin(release, "start", snapshot=b"", surroundings=World().surroundings())
    for snapshot in (step.snapshot, b"", b"rubbish"):
        with pytest.raises(SnapshotError):
            resume(release, snapshot=snapshot, event=Answer("a"), surroundings=World().surroundings())


def test_a_snapshot_of_another_script_is_refused() -> None:
    step = begin(compiled(start="\n\nx = HEAR"), "start", snapshot=b"", surroundings=World().surroundings())
    for other in ({"start": "TALK 1"}, {"other": "x = HEAR"}, {"start": "a = 1\nb = 2\nx = HEAR"}):
        with pytest.raises(SnapshotError):
            resume(
                compiled(**other),
                snapshot=step.snapshot,
                event=Answer("a"),
                surroundings=World().surroundings(),
            )


def test_refused_answers_ask_the_same_again() -> None:
    player = Player({"start": 'HEAR size AS "Small", "Large"\nTALK size'})
    first = player.begin()
    again = player.hear("huge")
    assert again.suspension == first.suspension
    assert len(player.said) == 1
    assert player.hear("large").suspension is None
    assert player.said == ["Large"]


def test_hear_names_the_variable_as_it_is_spelt() -> None:
    step = started("HEAR CustomerName AS NAME")
    assert step.suspension == Hear("CustomerName", "name", "")


def test_a_hear_has_the_timeout_of_the_bot() -> None:
    world = World(settings=Settings(hear_timeout=60.0))
    step = begin(compiled(start="HEAR x"), "start", snapshot=b"", surroundings=world.surroundings())
    assert isinstance(step.suspension, Hear)
    assert step.suspension.timeout == 60.0


# --- variables -------------------------------------------------------------------------------------


def test_unchanged_variables_are_not_reported() -> None:
    player = Player({"start": "x = 1\ny = HEAR\nTALK y\ny = HEAR"})
    assert player.begin().variables == {"x": 1}
    assert player.hear("a").variables == {"x": 1, "y": "a"}
    assert player.hear("a").variables is None


def test_a_run_merges_into_the_stored_variables() -> None:
    first = started("a = 1\nb = [1]")
    second = started("b = 2\nc = NULL", snapshot=first.snapshot)
    assert stored_variables(second.snapshot) == {"a": 1, "b": 2, "c": None}


def test_null_is_stored_when_it_is_assigned_and_not_otherwise() -> None:
    first = started("a = 1\nb = 1")
    second = started("IF FALSE THEN a = 2\nb = NULL\nx = a", snapshot=first.snapshot)
    assert stored_variables(second.snapshot) == {"a": 1, "b": None, "x": None}


def test_params_and_settings_reach_the_script() -> None:
    release = compiled(
        start="PARAM n AS INTEGER\nPARAM Flag AS BOOLEAN OPTIONAL\nTALK n + 1\nTALK flag\nTALK host"
    )
    world = World(settings=Settings(parameters={"host": "example"}))
    step = begin(
        release,
        "start.bas",
        snapshot=b"",
        surroundings=world.surroundings(),
        parameters={"N": "41", "flag": "no"},
    )
    assert [output.text for output in step.outputs if isinstance(output, Said)] == ["42", "false", "example"]
    assert step.variables is None


def test_an_unknown_script_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        begin(compiled(start="TALK 1"), "absent", snapshot=b"", surroundings=World().surroundings())


def test_the_same_surroundings_give_the_same_step() -> None:
    source = "TALK RANDOM(1, 1000000)\nTALK NOW()\nTALK UUID()"
    assert started(source).outputs == started(source).outputs


# --- compiling -------------------------------------------------------------------------------------


def test_every_bad_script_of_a_release_is_reported() -> None:
    with pytest.raises(ReleaseError) as caught:
        compile_release({"a": "TALK nothing_here(1, 2)", "b": "IF x THEN\n", "c": "TALK 1"}, KEYWORDS)
    assert {error.name for error in caught.value.errors} == {"a", "b"}
    assert all(error.diagnostics for error in caught.value.errors)


def test_a_release_is_named_by_its_sources() -> None:
    one, same, other = (compiled(start=source) for source in ("TALK 1", "TALK 1", "TALK 2"))
    assert one.digest == same.digest != other.digest


# --- what CPython itself limits --------------------------------------------------------------------


def nested_loops(depth: int, inside: str, opening: str = "FOR i{0} = 1 TO 1", closing: str = "NEXT") -> str:
    return "\n".join([*(opening.format(level) for level in range(depth)), inside, *[closing] * depth])


@pytest.mark.parametrize("prefix", ["", "ON ERROR RESUME NEXT\n"])
def test_loops_nest_as_deep_as_the_parser_allows(prefix: str) -> None:
    for depth in (5, 9, 12, 15):
        assert play(prefix + nested_loops(depth, 'TALK "in"')) == ["in"]
        assert play(prefix + nested_loops(depth, "HEAR x\nTALK x"), "a") == ["a"]
        assert play(f"{prefix}SUB s()\n{nested_loops(depth, 'TALK 1')}\nEND SUB\ns()") == ["1"]
        assert play(prefix + nested_loops(depth, 'THROW "x"', "TRY", "CATCH\nTALK 1\nEND TRY"))[0] == "1"


def test_long_chains_of_operands_are_no_problem() -> None:
    assert play("x = 1\nTALK " + " + ".join(["x"] * 1500)) == ["1500"]
    assert play("x = 1\nTALK " + " & ".join(["x"] * 1500)) == ["1" * 1500]
    assert play("x = 1\nIF " + " AND ".join(["x = 1"] * 1500) + " THEN TALK 1") == ["1"]
    assert play("x = 0\nTALK " + " OR ".join(["x"] * 700 + ['"end"'])) == ["end"]


def test_long_chains_of_arms_are_no_problem() -> None:
    arms = "\n".join(f"ELSE IF x = {n} THEN\n TALK {n}" for n in range(1, 400))
    assert play(f"x = 399\nIF x = 0 THEN\n TALK 0\n{arms}\nEND IF") == ["399"]
    cases = "\n".join(f"CASE {n}\n TALK {n}" for n in range(400))
    assert play(f"SELECT CASE 398\n{cases}\nEND SELECT") == ["398"]
    assert play(f"SUB s(v)\nSELECT CASE v\n{cases}\nEND SELECT\nEND SUB\ns(397)") == ["397"]


def test_a_script_of_many_hears_is_no_problem() -> None:
    source = "\n".join(f"x = HEAR\nTALK x + {n}" for n in range(500))
    assert play(source, *["a"] * 500)[-1] == "a499"


def test_deep_nesting_of_structures_with_a_hear() -> None:
    assert play(nested_loops(14, "HEAR x\nTALK x", "IF TRUE THEN", "END IF"), "a") == ["a"]
