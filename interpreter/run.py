"""Running a script from one suspension to the next. Every function here is pure.

A step decodes the snapshot, answers what the innermost frame waits for, and runs frames until one suspends, the
script ends or an error leaves the last frame. Calls of procedures that can suspend, and of scripts, come back to
the loop here as signals, so that every frame of a waiting script is on one explicit stack.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from types import FrameType, TracebackType
from typing import Any

from interpreter import values
from interpreter.effects import (
    Answer,
    Elapsed,
    Event,
    Failed,
    Hear,
    Option,
    Outside,
    Returned,
    Said,
    Step,
    Surroundings,
    Suspension,
    TimedOut,
    Wait,
)
from interpreter.errors import BasicError, BudgetError, SnapshotError
from interpreter.frames import ErrorState, Frame, State, Waiting
from interpreter.hearing import SECRET_KINDS, Invalid, validate
from interpreter.program import Program, Release
from interpreter.runtime import FILE_MARK, Run, script_key
from interpreter.signals import Called, CalledScript, Code, Ended, EndScript, Left, Signal, Suspended
from interpreter.signals import Returned as ReturnedValue
from interpreter.snapshot import decode, encode

Value = Any
ENTERING = 16  # units: what a call of a script costs, in turns of a loop


def begin(
    release: Release,
    script: str,
    *,
    snapshot: bytes,
    surroundings: Surroundings,
    parameters: Mapping[str, Any] = {},
) -> Step:
    """Start a new run: its variables are unset, the stored ones can be brought back with GET.

    :param script: a name in ``release.programs``.
    :param snapshot: b"" or an earlier snapshot of the session, whose frames are dropped.
    :param parameters: plain values for the script's PARAMs, by name.
    :raises KeyError: the release has no such script.
    :raises Overrun: it takes more than the inline units (only with ``surroundings.run_inline``).
    """
    program = release.programs[script_key(script)]
    state = decode(snapshot)
    stepper = Stepper(release, surroundings, snapshot, State(stored=state.stored))
    given = {key.casefold(): value for key, value in parameters.items()}
    return stepper.first(program, given)


def resume(release: Release, *, snapshot: bytes, event: Event, surroundings: Surroundings) -> Step:
    """Go on from a suspension with what answers it.

    :raises SnapshotError: the snapshot cannot be read, or nothing waits in it.
    :raises ValueError: the event does not answer what the script waits for.
    :raises Overrun: as for ``begin``.
    """
    state = decode(snapshot, units_of(release))
    if not state.frames or state.waiting is None:
        raise SnapshotError("nothing waits in this snapshot")
    return Stepper(release, surroundings, snapshot, state).answered(state.waiting, event)


def drop_frames(snapshot: bytes) -> bytes:
    """The snapshot without its run; the stored variables stay."""
    if not snapshot:
        return b""
    stored = decode(snapshot).stored
    return encode(State(stored=stored), _no_units)


def stored_variables(snapshot: bytes) -> dict[str, Any]:
    """The session's variables as plain JSON values; secrets as dots."""
    plain: dict[str, Any] = values.to_plain(decode(snapshot).stored)
    return plain


def _no_units(script: str, procedure: str) -> Code:
    raise SnapshotError("there are no frames here")


class units_of:
    """The code of a release's units that can suspend, for the snapshot."""

    def __init__(self, release: Release) -> None:
        self.release = release

    def __call__(self, script: str, procedure: str) -> Code:
        code = self.release.code(script, procedure)
        if code is None or code.plain:
            raise SnapshotError(f"the release has no {procedure or 'script'} {script}.bas to go on in")
        return code


class Stepper:
    """One step."""

    def __init__(self, release: Release, surroundings: Surroundings, before: bytes, state: State) -> None:
        self.release = release
        self.surroundings = surroundings
        self.before = before
        self.frames = state.frames
        self.run = run = Run(surroundings)
        run.stored = state.stored
        run.error_state = state.error
        run.suggestions = list(state.suggestions)
        run.variables = dict(state.run)
        for name in state.live:
            run.variables[name] = state.stored[name]
        self.predefined = {name: value for name, value in state.run.items() if name not in release.transient}
        self.result: Value = None

    # --- entering -------------------------------------------------------------------------------------------

    def first(self, program: Program, given: Mapping[str, Any]) -> Step:
        wanted = self.release.names
        predefined = {**self.surroundings.settings.parameters, **self.surroundings.predefined}
        try:
            for name, value in predefined.items():
                key = name.casefold()
                if wanted is None or key in wanted:
                    self.predefined[key] = values.from_plain(value, self.run.limits)
            self.run.variables.update(self.predefined)
            arguments = [
                values.from_plain(given[p.name], self.run.limits) if p.name in given else None
                for p in program.parameters
            ]
            self.push_script(program, tuple(arguments))
        except BasicError as error:
            return self.failed(error)
        return self.go()

    def answered(self, waiting: Waiting, event: Event) -> Step:
        if waiting.what == "hear" and isinstance(event, Answer):
            try:
                self.run.deliver(self.heard(waiting, event))
            except Invalid as invalid:
                waiting.failures += 1
                if waiting.failures < self.run.settings.hear_max_retries:
                    return self.asked_again(waiting, str(invalid))
                self.run.deliver(waiting.default if waiting.has_default else "")
        elif waiting.what == "hear" and isinstance(event, TimedOut):
            if waiting.has_default:
                self.run.deliver(waiting.default)
            else:
                self.run.throw(BasicError("Nobody answered in time", code="E_TIMEOUT"))
        elif waiting.what == "wait" and isinstance(event, Elapsed):
            self.run.deliver(None)
        elif waiting.what == "outside" and isinstance(event, Returned):
            try:
                self.run.deliver(values.from_plain(event.value, self.run.limits))
            except BasicError as error:
                self.run.throw(BasicError(error.message, code=error.code))
        elif waiting.what == "outside" and isinstance(event, Failed):
            self.run.throw(BasicError(event.message, number=event.number, code=event.code))
        else:
            raise ValueError(f"a {type(event).__name__} does not answer a {waiting.what}")
        return self.go()

    def heard(self, waiting: Waiting, answer: Answer) -> Value:
        """The value of an answer.

        :raises Invalid: it will not do.
        """
        empty = not answer.text.strip() and answer.option is None and not answer.attachments
        if empty and waiting.has_default:
            return waiting.default
        value = validate(
            waiting.kind,
            answer,
            options=waiting.options or waiting.suggestions,
            open_menu=waiting.open_menu,
            settings=self.run.settings,
            now=self.surroundings.now,
        )
        if waiting.kind in SECRET_KINDS and isinstance(value, str):
            return values.Secret(value)
        return value

    def asked_again(self, waiting: Waiting, text: str) -> Step:
        self.run.outputs.append(Said(text))
        return self.rests(waiting, hear_of(waiting), waiting.suggestions)

    # --- running --------------------------------------------------------------------------------------------

    def go(self) -> Step:
        try:
            while self.frames:
                suspended = self.one()
                if suspended is not None:
                    return self.suspended(suspended)
        except BudgetError as error:
            return self.discarded(error)
        except BasicError as error:
            return self.failed(error)
        except RecursionError:
            return self.discarded(BudgetError("The calls are nested too deep", code="E_BUDGET_DEPTH"))
        return self.ended(None)

    def one(self) -> Suspended | None:
        """Run the innermost frame until it hands something to us."""
        frame = self.frames[-1]
        code = self.code(frame)
        block = 0 if frame.point < 0 else code.points[frame.point][2]
        signal: Signal = code.call(self.run, self.run.ticks, frame, code, block)
        if isinstance(signal, Suspended):
            return signal
        if isinstance(signal, ReturnedValue):
            self.frames.pop()
            self.hand_back(signal.value)
        elif isinstance(signal, Called):
            self.call(signal)
        elif isinstance(signal, CalledScript):
            self.call_script(signal)
        elif isinstance(signal, Ended):
            self.end_script(signal.value)
        else:
            self.leave(signal)
        return None

    def code(self, frame: Frame) -> Code:
        code = self.release.code(frame.script, frame.procedure)
        if code is None:
            raise SnapshotError(f"the release has no {frame.script}.bas {frame.procedure}")
        return code

    def hand_back(self, value: Value) -> None:
        if self.frames:
            self.run.deliver(value)
        else:
            self.result = value

    def call(self, called: Called) -> None:
        code = self.release.code(called.script, called.procedure)
        assert code is not None
        self.run.spend(ENTERING)
        missing = len(code.parameters) - len(called.arguments)
        arguments = (*called.arguments, *([None] * missing))
        if code.plain:
            self.call_plain(code, arguments)
            return
        values_of = dict(zip(code.parameters, arguments, strict=False))
        self.push(Frame(called.script, called.procedure, values=values_of))

    def call_plain(self, code: Code, arguments: tuple[Value, ...]) -> None:
        """A procedure of another script that cannot suspend needs no frame."""
        try:
            self.run.deliver(code.call(self.run, self.run.ticks, *arguments))
        except BudgetError:
            raise
        except BasicError as error:
            note_lines(error)
            self.run.throw(error)
        except EndScript as end:
            self.end_script(end.value)

    def call_script(self, called: CalledScript) -> None:
        program = self.release.programs.get(called.script)
        self.run.spend(ENTERING)
        if program is None:
            self.run.throw(BasicError(f"There is no script “{called.script}.bas”", number=3, code="E_SCRIPT"))
            return
        if called.tail:
            self.frames.pop()
        self.push_script(program, called.arguments)

    def push_script(self, program: Program, arguments: tuple[Value, ...]) -> None:
        frame = Frame(program.name)
        for index, parameter in enumerate(program.parameters):
            value = typed(arguments[index] if index < len(arguments) else None, parameter.type)
            if parameter.name in program.transient:
                self.run.variables[parameter.name] = value
            else:
                frame.values[parameter.name] = value
        self.push(frame)

    def push(self, frame: Frame) -> None:
        if len(self.frames) >= self.run.limits.call_depth:
            self.run.too_deep()
        self.frames.append(frame)

    def end_script(self, value: Value) -> None:
        """Leave every procedure of the script that ends, and its top level."""
        while self.frames:
            if not self.frames.pop().procedure:
                break
        self.hand_back(value)

    def leave(self, left: Left) -> None:
        note_lines(left.error)
        self.frames.pop()
        if not self.frames:
            raise left.error
        self.run.throw(left.error)

    # --- leaving --------------------------------------------------------------------------------------------

    def suspended(self, suspended: Suspended) -> Step:
        waiting = suspended.waiting
        if waiting.what == "hear":
            return self.rests(waiting, hear_of(waiting), waiting.suggestions)
        if waiting.what == "wait":
            return self.rests(waiting, Wait(suspended.seconds), ())
        return self.rests(waiting, Outside(suspended.phrase, suspended.arguments), ())

    def rests(self, waiting: Waiting, suspension: Suspension, shown: tuple[Option, ...]) -> Step:
        """The step that ends in a suspension."""
        state = self.state()
        state.frames = self.frames
        state.waiting = waiting
        state.error = self.run.error_state
        if waiting.what != "hear":
            state.suggestions = tuple(self.run.suggestions)
        return self.step(state, suspension, shown, None)

    def ended(self, error: BasicError | None) -> Step:
        shown = tuple(self.run.suggestions)
        state = self.state()
        state.live = set()
        state.run = {}
        return self.step(state, None, shown, error)

    def failed(self, error: BasicError) -> Step:
        """An uncaught error ends the run; what was done so far stays."""
        if isinstance(error, BudgetError):
            return self.discarded(error)
        note_lines(error)
        self.frames.clear()
        return self.ended(error)

    def discarded(self, error: BudgetError) -> Step:
        """A budget error undoes the step: nothing was said, nothing was set; the run is over."""
        note_lines(error)
        for frame in reversed(self.frames[:-1]):
            error.trace.append((frame.script, self.code(frame).points[frame.point][3]))
        return Step(
            outputs=[],
            suspension=None,
            suggestions=(),
            snapshot=drop_frames(self.before),
            variables=None,
            error=error,
            result=None,
            units=self.run.finish(),
        )

    def state(self) -> State:
        """The variables as the snapshot keeps them: those that persist, and those of this run only."""
        stored, variables = dict(self.run.stored), self.run.variables
        of_run: dict[str, Value] = {}
        if self.predefined or self.release.transient:
            of_run = {name: value for name, value in variables.items() if self.is_passing(name, value)}
            variables = {name: value for name, value in variables.items() if name not in of_run}
        stored.update(variables)
        live = set(variables)
        return State(stored=stored, live=live, run=of_run, error=ErrorState())

    def is_passing(self, name: str, value: Value) -> bool:
        """Whether a variable does not persist: a loop variable or PARAM in a cell, a predefined name not assigned."""
        return name in self.release.transient or (name in self.predefined and self.predefined[name] is value)

    def step(
        self, state: State, suspension: Suspension | None, shown: tuple[Option, ...], error: BasicError | None
    ) -> Step:
        try:
            snapshot = encode(state, units_of(self.release), self.run.limits)
            variables = changed_variables(self.before, snapshot, state.stored)
            result = values.to_plain(self.result, self.run.limits)
        except BudgetError as too_large:
            return self.discarded(too_large)
        return Step(
            outputs=self.run.outputs,
            suspension=suspension,
            suggestions=shown,
            snapshot=snapshot,
            variables=variables,
            error=error,
            result=result,
            units=self.run.finish(),
        )


def hear_of(waiting: Waiting) -> Hear:
    return Hear(
        waiting.variable,
        waiting.kind,
        waiting.prompt,
        waiting.options,
        waiting.kind in SECRET_KINDS,
        waiting.timeout,
    )


def changed_variables(before: bytes, after: bytes, stored: dict[str, Value]) -> dict[str, Any] | None:
    """The session variables as plain values, None if they are as before. Parts of them may be in a heap: then they
    count as changed.
    """
    head, _, tail = after.partition(b"\n")
    old_head, _, old_tail = before.partition(b"\n")
    if b'"heap"' in head:
        plain: dict[str, Any] = values.to_plain(stored)
        return plain
    if tail == (old_tail or b"{}") and b'"heap"' not in old_head:
        return None
    return stored  # flat: they are plain values as they stand


def note_lines(error: BasicError) -> None:
    """Add the script lines of the error's traceback to its trace, innermost first."""
    places: dict[FrameType, tuple[str, int, int]] = {}
    traceback: TracebackType | None = error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        file = frame.f_code.co_filename
        if file.startswith(FILE_MARK):
            # A frame that raised the error again comes twice: what counts is where it was raised first.
            places[frame] = (file.removeprefix(FILE_MARK), *place_of(traceback))
        traceback = traceback.tb_next
    innermost_first = reversed(places.values())
    for script, line, column in innermost_first:
        if not error.trace:
            error.column = column
        error.trace.append((script, line))
    error.__traceback__ = None


def place_of(traceback: TracebackType) -> tuple[int, int]:
    """The line and column of what failed; column 0: it is a statement as a whole."""
    positions = traceback.tb_frame.f_code.co_positions()
    line, _, column, _ = next(islice(positions, traceback.tb_lasti // 2, None))
    return line or traceback.tb_lineno, column or 0


def typed(value: Value, kind: str) -> Value:
    """A PARAM's value as its type, where the text or number that was given says one."""
    if value is None:
        return None
    name = kind.casefold()
    if name in ("integer", "int", "number", "float", "money", "double", "decimal") and value.__class__ is str:
        number = values.parse_number(value)
        return value if number is None else number
    if name in ("boolean", "bool") and value.__class__ is str:
        return values.truthy(value) and value.strip().casefold() not in ("no", "off")
    if name in ("string", "text") and value.__class__ in (int, float, bool):
        return values.to_text(value)
    return value
