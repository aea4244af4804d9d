"""``trunkline run``: a person at a terminal, a pipe, an interrupt and a kill."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.gateway.kit import COMMAND, clean_environment, run

SCRIPT = """\
name = HEAR "What is your name?"
HEAR size AS "Small", "Large" WITH "Which size, ${name}?"
TALK "${size} for ${name}."
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "talk.bas"
    path.write_text(SCRIPT)
    return path


def test_a_menu_is_numbered_and_lists_its_options_once_when_asked_again(script: Path) -> None:
    done = run("run", "talk.bas", cwd=script.parent, stdin="Ana\nhuge\n2\n")
    assert done.returncode == 0, done.stderr
    menu = ["1. Small", "2. Large"]
    again = "Please choose one of these."
    assert done.stdout.splitlines() == [
        "What is your name?", "Which size, Ana?", *menu, again, *menu, "Large for Ana.",
    ]  # fmt: skip


def test_why_a_script_failed_stands_behind_what_it_had_said(tmp_path: Path) -> None:
    (tmp_path / "talk.bas").write_text('TALK "before"\nx = 1 / 0\nTALK "never"\n')
    done = subprocess.run(
        [*COMMAND, "run", "talk.bas"], cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, env=clean_environment(), timeout=60, check=False,
    )  # fmt: skip
    said, sorry, report, *where = done.stdout.splitlines()
    assert (said, sorry, report) == (
        "before", "Sorry, something went wrong.", "error: Division by zero [E_DIVISION]",
    )  # fmt: skip
    assert where[0] == "  at talk.bas:2"
    assert done.returncode == 1


class Terminal:
    """The command at a terminal of its own."""

    def __init__(self, process: subprocess.Popen[bytes], side: int) -> None:
        self.process = process
        self.side = side
        self.shown = ""

    def until(self, text: str) -> None:
        while text not in self.shown:
            self.shown += self.more()

    def rest(self) -> str:
        while more := self.more():
            self.shown += more
        return self.shown

    def more(self) -> str:
        try:
            return os.read(self.side, 4096).decode()
        except OSError:  # how Linux says that the other side is closed
            return ""

    def type(self, text: str) -> None:
        os.write(self.side, text.encode())


@contextmanager
def terminal(*arguments: str, cwd: Path) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments], cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs,
        env=clean_environment(), start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_an_interrupt_ends_it_quietly(script: Path) -> None:
    with terminal("run", "talk.bas", cwd=script.parent) as at:
        at.until("name?")
        at.process.send_signal(signal.SIGINT)
        assert "Fatal" not in at.rest()
        assert at.process.wait(30) == 1


def test_a_kept_session_goes_on_at_its_question_after_a_kill(script: Path) -> None:
    arguments = ("run", "talk.bas", "--session", "ana")
    with terminal(*arguments, cwd=script.parent) as at:
        at.until("name?")
        at.type("Ana\n")
        at.until("2. Large")
        at.process.kill()
        at.process.wait(30)
    done = run(*arguments, cwd=script.parent, stdin="large\n")
    assert done.stdout == "Large for Ana.\n", done.stderr
