"""A host for scripts in tests: the real one on a memory in a dict and a clock that stands still; and the
dialogues that ``.bas`` files state about themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.bots import Bot
from core.host import Host, NeedRead
from core.keywords import HOST_KEYWORDS
from core.records import MemoryCell, MemoryKey, Session
from interpreter.effects import (
    Answer,
    Elapsed,
    Event,
    Failed,
    Hear,
    Limits,
    Logged,
    Outside,
    Returned,
    Said,
    Settings,
    Step,
    Surroundings,
    TimedOut,
    Wait,
)
from interpreter.errors import BasicError
from interpreter.frames import State
from interpreter.keywords import INTERPRETER_KEYWORDS, Keyword, KeywordTable
from interpreter.program import Release, compile_release
from interpreter.run import Stepper, begin, resume, units_of
from interpreter.snapshot import decode, encode

NOW = datetime(2026, 3, 4, 15, 6, 7, tzinfo=UTC)


def _keyword(phrase: str, *forms: str, effect: Any = "local", result: bool = True) -> Keyword:
    return Keyword(phrase=phrase, forms=forms, effect=effect, result=result, handler=print, description="")


KEYWORDS = KeywordTable(
    (
        *INTERPRETER_KEYWORDS,
        *HOST_KEYWORDS,
        _keyword("FAIL HERE", "message"),
        _keyword("ASK SERVICE", "question", effect="outside"),
    )
)
COLLECTIONS = frozenset(("docs", "policies", "products"))


@dataclass
class World:
    """What a script's host remembers between steps: memory, and what the session uses."""

    cells: dict[MemoryKey, MemoryCell] = field(default_factory=dict)
    context: bytes = b"{}"
    settings: Settings = field(default_factory=Settings)
    messages: int = 0
    now: datetime = NOW
    scripts: Mapping[str, str] = field(default_factory=dict)

    def call(self, phrase: str, arguments: tuple[Any, ...]) -> Any:
        """Answers a local keyword as the host does; what it wrote is there at once."""
        if phrase == "FAIL HERE":
            raise BasicError(str(arguments[0]), number=4001, code="E_HERE")
        while True:
            host = self._host()
            try:
                answer = host.call(phrase, arguments)
            except NeedRead as need:
                self.cells |= {key: MemoryCell(None, 0) for key in need.keys}
                continue
            self.cells |= {write.key: MemoryCell(write.value, 1) for write in host.writes()}
            self.context = host.context.raw()
            return answer

    def _host(self) -> Host:
        session = Session(
            id="session-1", bot="b", channel="web", created_at=NOW, last_activity=NOW, context=self.context
        )
        bot = Bot(name="b", collections=COLLECTIONS)
        return Host(
            bot=bot, session=session, scripts=self.scripts, table=KEYWORDS, cells=self.cells, now=self.now
        )

    def surroundings(self, *, run_inline: bool = False) -> Surroundings:
        return Surroundings(
            now=self.now,
            seed=b"s" * 32,
            settings=self.settings,
            context={
                "session.id": "session-1",
                "session.message_count": self.messages,
                "session.channel": "web",
                "user.name": "Ana",
            },
            predefined={"session_id": "session-1", "username": "Ana", "channel": "web", "message": "hello"},
            call=self.call,
            run_inline=run_inline,
        )


def compiled(**sources: str) -> Release:
    return compile_release(sources, KEYWORDS)


class Player:
    """Holds a conversation with a script, from bytes at every step, with two compilations in turn."""

    flat = False

    def __init__(self, sources: Mapping[str, str], world: World | None = None) -> None:
        first, second = (compile_release(sources, KEYWORDS, flat=self.flat) for _ in range(2))
        self.releases = (first, second)
        self.world = world or World()
        self.world.scripts = sources
        self.turn = 0
        self.step: Step | None = None
        self.snapshot = b""
        self.said: list[str] = []
        self.logged: list[str] = []

    def begin(self, script: str = "start", **parameters: Any) -> Step:
        self.world.messages += 1
        return self._took(
            begin(
                self._release(),
                script,
                snapshot=self.snapshot,
                surroundings=self.world.surroundings(),
                parameters=parameters,
            )
        )

    def send(self, event: Event) -> Step:
        self.world.messages += isinstance(event, Answer)
        return self._took(
            resume(
                self._release(), snapshot=self.snapshot, event=event, surroundings=self.world.surroundings()
            )
        )

    def hear(self, text: str) -> Step:
        return self.send(Answer(text))

    def _release(self) -> Release:
        self.turn += 1
        return self.releases[self.turn % 2]

    def _took(self, step: Step) -> Step:
        units = units_of(self.releases[0])
        assert not step.snapshot or encode(decode(step.snapshot, units), units) == step.snapshot, (
            "a snapshot encodes to itself"
        )
        self.step = step
        self.snapshot = step.snapshot
        self.said = [output.text for output in step.outputs if isinstance(output, Said)]
        self.logged = [output.text for output in step.outputs if isinstance(output, Logged)]
        return step


class FlatPlayer(Player):
    """The same with everything cut into blocks, procedures that cannot suspend included."""

    flat = True


class StraightPlayer(Player):
    """Never goes through bytes: frames and variables stay objects from one suspension to the next."""

    held = State()

    def begin(self, script: str = "start", **parameters: Any) -> Step:
        self.world.messages += 1
        stepper = self._stepper(State(stored=self.held.stored))
        step = stepper.first(self.releases[0].programs[script], parameters)
        return self._kept(stepper, step)

    def send(self, event: Event) -> Step:
        self.world.messages += isinstance(event, Answer)
        assert self.held.waiting is not None
        stepper = self._stepper(self.held)
        return self._kept(stepper, stepper.answered(self.held.waiting, event))

    def _stepper(self, state: State) -> HeldStepper:
        return HeldStepper(self.releases[0], self.world.surroundings(), self.snapshot, state)

    def _kept(self, stepper: HeldStepper, step: Step) -> Step:
        self.held = stepper.held or State(stored=decode(step.snapshot).stored)
        return self._took(step)


class HeldStepper(Stepper):
    """Keeps the state that it writes."""

    held: State | None = None

    def step(self, state: State, *rest: Any) -> Step:
        step = super().step(state, *rest)
        self.held = state if (step.snapshot and step.variables is not None) or step.error is None else None
        return step


def play(source: str, *answers: str, world: World | None = None, **siblings: str) -> list[str]:
    """Everything that a script says when it is answered so; an uncaught error as ``! code``."""
    player = Player({"start": source, **siblings}, world)
    step = player.begin()
    said = list(player.said)
    pending = list(answers)
    while step.suspension is not None:
        if isinstance(step.suspension, Wait):
            step = player.send(Elapsed())
        elif pending:
            step = player.hear(pending.pop(0))
        else:
            break
        said += player.said
    if step.error is not None:
        said.append(f"! {step.error.code}")
    return said


# --- golden files -------------------------------------------------------------------------------------------

DIRECTIVE = re.compile(
    r"^\s*' (expect(?: error| wait| outside| options| suggestions| log| variables| result| waiting)?|hear|tap|timeout"
    r"|answer|fail|pass|new run|with|set|expect context)(?::(?: (.*))?)?$"
)


@dataclass
class Golden:
    """A script and the dialogue that its comments state, in order."""

    path: Path
    sources: dict[str, str]
    lines: list[tuple[int, str, str]]
    settings: Settings


def read_golden(path: Path) -> Golden:
    source = path.read_text(encoding="utf-8")
    sources = {"start": source}
    lines: list[tuple[int, str, str]] = []
    limits: dict[str, Any] = {}
    for number, line in enumerate(source.splitlines(), start=1):
        found = DIRECTIVE.match(line)
        if not found:
            continue
        what, text = found[1], (found[2] or "").replace("\\n", "\n")
        if what == "with":
            sources[text] = (path.parent / "siblings" / f"{text}.bas").read_text(encoding="utf-8")
        elif what == "set":
            key, _, value = text.partition(" ")
            limits[key] = int(value)
        else:
            lines.append((number, what, text))
    return Golden(path, sources, lines, Settings(limits=Limits(**limits), config={"currency": "EUR"}))


def play_golden(
    golden: Golden,
    kind: type[Player] = Player,
    before_event: Callable[[Player, int], None] = lambda player, number: None,
) -> None:
    """Hold the dialogue that the script states.

    :param before_event: called with the player and the number of events sent so far.
    """
    player = kind(golden.sources, World(settings=golden.settings))
    step = player.begin()
    sent = 0
    said, logged = list(player.said), list(player.logged)

    def send(event: Event) -> Step:
        nonlocal sent
        assert not said, f"{where}: not expected: {said}"
        before_event(player, sent)
        sent += 1
        step = player.send(event)
        said.extend(player.said)
        logged.extend(player.logged)
        return step

    for number, what, text in golden.lines:
        where = f"{golden.path.name}:{number}"
        if what == "expect":
            assert said, (
                f"{where}: nothing was said{f' ({step.error}, {step.error.trace})' if step.error else ''}"
            )
            found = said.pop(0)
            assert found == text, f"{where}: {found!r}"
        elif what in EVENTS:
            step = send(EVENTS[what](text))
        elif what == "pass":
            player.world.now += timedelta(seconds=float(text))
        elif what == "expect context":
            assert json.loads(player.world.context) == json.loads(text), f"{where}: {player.world.context!r}"
        elif what == "new run":
            assert step.suspension is None, f"{where}: the run has not ended: {step.suspension}"
            assert not said, f"{where}: not expected: {said}"
            step = player.begin()
            said.extend(player.said)
        elif what == "expect wait":
            assert isinstance(step.suspension, Wait), where
            assert step.suspension.seconds == float(text), where
            step = send(Elapsed())
        elif what == "expect log":
            found = logged.pop(0)
            assert found == text, f"{where}: {found!r}"
        else:
            CHECKS[what](step, text, where)
    assert not said, f"{golden.path.name}: not expected: {said}"
    if step.error is not None:
        assert any(what == "expect error" for _, what, _ in golden.lines), (step.error, step.error.trace)
    elif not any(what == "expect waiting" for _, what, _ in golden.lines[-3:]):
        assert step.suspension is None, f"{golden.path.name}: still waits: {step.suspension}"


def _check_error(step: Step, text: str, where: str) -> None:
    assert step.error is not None, f"{where}: no error"
    code, _, line = text.partition(" line ")
    assert step.error.code == code, f"{where}: {step.error}"
    if line:
        assert step.error.trace[0][1] == int(line), f"{where}: {step.error.trace}"


def _check_outside(step: Step, text: str, where: str) -> None:
    assert isinstance(step.suspension, Outside), where
    assert f"{step.suspension.phrase} {json.dumps(list(step.suspension.arguments))}" == text, where


def _check_options(step: Step, text: str, where: str) -> None:
    assert isinstance(step.suspension, Hear), where
    assert " | ".join(option.title for option in step.suspension.options) == text, where


def _check_suggestions(step: Step, text: str, where: str) -> None:
    assert " | ".join(option.title for option in step.suggestions) == text, where


def _check_variables(step: Step, text: str, where: str) -> None:
    assert step.variables == json.loads(text), f"{where}: {step.variables}"


def _check_result(step: Step, text: str, where: str) -> None:
    assert step.result == json.loads(text), where


def _check_waiting(step: Step, text: str, where: str) -> None:
    assert isinstance(step.suspension, Hear), where
    assert f"{step.suspension.variable} {step.suspension.kind}" == text, where


CHECKS: Mapping[str, Callable[[Step, str, str], None]] = {
    "expect error": _check_error,
    "expect outside": _check_outside,
    "expect options": _check_options,
    "expect suggestions": _check_suggestions,
    "expect variables": _check_variables,
    "expect result": _check_result,
    "expect waiting": _check_waiting,
}
EVENTS: Mapping[str, Callable[[str], Event]] = {
    "hear": Answer,
    "tap": lambda text: Answer("", option=text),
    "timeout": lambda text: TimedOut(),
    "answer": lambda text: Returned(json.loads(text)),
    "fail": lambda text: Failed(text, number=1500, code="E_SERVICE"),
}
