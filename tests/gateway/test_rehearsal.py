"""``trunkline test``, as its users run it: transcripts, comments, the clock, outside keywords, coverage, exit codes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.gateway.kit import run, write_bot

ROOT = Path(__file__).parent.parent.parent
GREETING = 'HEAR name AS NAME WITH "Who are you?"\nTALK "Hello, ${name}!"\n'


def hold(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("test", *arguments, cwd=folder)


def transcript(folder: Path, text: str, start: str = GREETING, **files: str) -> str:
    """Writes a bot with one transcript; its path as the command prints it."""
    tests = write_bot(folder, "hotel", start, **files) / "tests"
    tests.mkdir(exist_ok=True)
    (tests / "talk.txt").write_text(text, "utf-8")
    return "hotel/tests/talk.txt"


@pytest.mark.parametrize("bot", ["default", "support"])
def test_our_own_bots_hold_the_conversations_written_down_for_them(bot: str) -> None:
    done = hold(ROOT, "--coverage", f"examples/bots/{bot}")
    assert done.returncode == 0, done.stdout
    assert "never" not in done.stdout, "a line of an example that no conversation reaches"


def test_a_conversation_as_written_passes(tmp_path: Path) -> None:
    path = transcript(tmp_path, "# Politely.\n< Who are you?\n> ana\n< Hello, …!\n")
    done = hold(tmp_path, ".")
    assert (done.returncode, done.stdout) == (0, f"ok    {path}\n1 conversation, all as written\n")


def test_a_difference_is_shown_with_what_led_to_it(tmp_path: Path) -> None:
    path = transcript(tmp_path, "< Who are you?\n> ana\n< Hello, Rui!\n")
    done = hold(tmp_path, "hotel")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"FAIL  {path}:3",
        "    < Who are you?",
        "    > ana",
        "  - < Hello, Rui!",
        "  + < Hello, Ana!",
        "1 conversation, 1 failed",
    ]


def test_a_missing_answer_is_told_with_the_question_that_waits(tmp_path: Path) -> None:
    transcript(tmp_path, "< Who are you?\n< Hello!\n")
    done = hold(tmp_path, "hotel")
    assert "The bot said nothing: it waits at HEAR name AS NAME." in done.stdout


def test_what_the_bot_says_unasked_fails_too(tmp_path: Path) -> None:
    transcript(tmp_path, "< Who are you?\n> ana\n")
    done = hold(tmp_path, "hotel")
    assert done.returncode == 1
    assert "+ < Hello, Ana!" in done.stdout


def test_typed_questions_and_menus_behave_as_in_a_channel(tmp_path: Path) -> None:
    start = 'HEAR size AS "Small", "Large" WITH "Size?"\nHEAR n AS INTEGER WITH "How many?"\nTALK "${n} ${size}"\n'
    text = "< Size?\n  1. Small\n  2. Large\n> huge\n< …\n> the second one\n< How many?\n> many\n< …\n> 3\n< 3 Large\n"
    transcript(tmp_path, text, start)
    done = hold(tmp_path, "hotel")
    assert done.returncode == 0, done.stdout


def test_waiting_takes_no_time_and_time_can_pass(tmp_path: Path) -> None:
    start = 'TALK "One"\nWAIT 86400\nTALK NOW()\nHEAR x AS TEXT WITH "Well?" DEFAULT "nothing"\nTALK "Heard ${x}"\n'
    text = "@ 2026-02-01 08:00\n< One\n< 2026-02-02 08:00:00\n< Well?\n~ 59 minutes\n~ 1 minute\n< Heard nothing\n"
    transcript(tmp_path, text, start, config_csv="name,value\nhear-timeout-secs,3600\n")
    done = hold(tmp_path, "hotel")
    assert done.returncode == 0, done.stdout


def test_variables_and_memory_outlive_a_run(tmp_path: Path) -> None:
    start = 'GET name\nIF name THEN\n  TALK "Again, ${name}"\nELSE\n  HEAR name WITH "Who?"\nEND IF\n'
    transcript(tmp_path, "< Who?\n> Ana\n~ 2 days\n> Hello\n< Again, Ana\n", start)
    assert hold(tmp_path, "hotel").returncode == 0


def test_a_script_states_its_own_dialogue_in_comments(tmp_path: Path) -> None:
    script = tmp_path / "greet.bas"
    script.write_text(
        'HEAR name WITH "Who?"   \' expect: Who?\n\' hear: Ana\nTALK "Hi, " + name  \' expect: Hi, Ana\n'
    )
    assert hold(tmp_path, "greet.bas").returncode == 0
    script.write_text(script.read_text().replace("expect: Hi, Ana", "expect: Hi, Rui"))
    done = hold(tmp_path, "greet.bas")
    assert done.returncode == 1
    assert done.stdout.startswith("FAIL  greet.bas:3\n")


def test_an_error_is_expected_by_its_text_or_code_and_else_shown_with_line_and_caret(tmp_path: Path) -> None:
    start = "x = 0\nTALK 1 / x\n"
    transcript(tmp_path, "! E_DIVISION\n", start)
    assert hold(tmp_path, "hotel").returncode == 0
    transcript(tmp_path, "< 1\n", start)
    done = hold(tmp_path, "hotel")
    assert done.returncode == 1
    assert "at start.bas:2\n        2 | TALK 1 / x\n                   ^" in done.stdout


def test_outside_keywords_give_what_the_test_says(tmp_path: Path) -> None:
    (tmp_path / "weather_keywords.py").write_text(
        "from trunkline import Keyword, hookimpl\ntrunkline_api = 1\n"
        "async def look(call, city):\n    raise AssertionError('nobody is asked in a test')\n"
        "@hookimpl\ndef register_keywords():\n"
        "    yield Keyword(phrase='FORECAST', forms=('city',), effect='outside', handler=look,"
        " description='The weather.')\n"
    )
    (tmp_path / "plugins.yaml").write_text("plugins: {weather: {module: weather_keywords}}\n")
    start = 'sky = FORECAST "Rio"\nTALK sky.text + " " + sky.degrees\n'
    transcript(tmp_path, '= {"text": "Sun", "degrees": 31}\n< Sun 31\n', start)
    done = hold(tmp_path, "hotel")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_keyword_that_nobody_answers_is_an_error_of_the_script_unless_the_test_answers_it(
    tmp_path: Path,
) -> None:
    start = (
        "ON ERROR RESUME NEXT\n"
        'text = LLM "How is the weather?"\nIF ERROR THEN TALK ERROR MESSAGE ELSE TALK text\n'
    )
    transcript(tmp_path, "< LLM is not available in this bot\n", start)
    done = hold(tmp_path, "hotel")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    transcript(tmp_path, "= Sunny\n< Sunny\n", start)
    done = hold(tmp_path, "hotel")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_coverage_names_the_lines_that_never_ran(tmp_path: Path) -> None:
    start = (
        'HEAR n AS INTEGER WITH "n?"\nIF n > 5 THEN\n    TALK "many"\n    TALK "very"\nELSE\n    TALK "few"\n'
        'END IF\nSUB Never()\n    TALK "x"\nEND SUB\n'
    )
    transcript(tmp_path, "< n?\n> 3\n< few\n", start)
    done = hold(tmp_path, "--coverage", "hotel")
    assert done.returncode == 0
    assert "start.bas: 3 of 6 lines ran; never: 3-4, 9\n" in done.stdout


def test_exit_codes_tell_a_failure_from_nothing_to_test_and_a_broken_script(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert hold(tmp_path, "empty").returncode == 2
    assert hold(tmp_path, "absent").returncode == 2
    transcript(tmp_path, "< x\n", "TLAK 1\n")
    done = hold(tmp_path, "hotel")
    assert done.returncode == 65
    assert "Did you mean TALK?" in done.stdout
    transcript(tmp_path, "Who are you?\n")
    done = hold(tmp_path, "hotel")
    assert done.returncode == 78
    assert "talk.txt:1: what is this line?" in done.stderr
