"""The run that generated code talks to: its budget, its outputs, its variables, its errors.

Generated code calls methods of ``Run`` and the helpers in ``HELPERS``; it touches nothing else.
"""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from interpreter import paths, values
from interpreter.budget import Budget
from interpreter.effects import Logged, Option, Output, Said, Surroundings
from interpreter.errors import BasicError, BudgetError
from interpreter.failures import Failures
from interpreter.frames import Frame, Waiting
from interpreter.signals import CalledScript, Code, Suspended

Value = Any
FILE_MARK = "bas:"  # code of scripts is compiled under file names that begin so
HANDLING = 16  # units: what raising and catching costs, in turns of a loop
LONGEST_WAIT = 366 * 86_400.0
MENU_MAX = 100  # choices
SUGGESTIONS_MAX = 50
UNSET: Any = object()  # no DEFAULT was given, no value could be computed


class Run(Budget, Failures):
    """One step of a run.

    :ivar stored: session variables as they were before this run, by name.
    :ivar variables: the cells: names that this run has set, predefined ones among them.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        Budget.__init__(self, surroundings.settings.limits, surroundings.run_inline)
        Failures.__init__(self)
        self.surroundings = surroundings
        self.settings = surroundings.settings
        self.outputs: list[Output] = []
        self.stored: dict[str, Value] = {}
        self.variables: dict[str, Value] = {}
        self.suggestions: list[Option] = []
        self._talks = 0
        self._said = 0
        self._delivered: Value = None
        self._thrown: BasicError | None = None
        self._random: Random | None = None
        self._now: datetime | None = None

    def _note(self, error: BasicError) -> None:
        """An error that the script goes on after is charged: a handler that fails over and over is a loop."""
        super()._note(error)
        self.spend(HANDLING)

    # --- the runtime that functions see ---------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        if self._now is None:
            self._now = self.surroundings.now.astimezone(ZoneInfo(self.settings.timezone))
        return self._now

    def random(self) -> float:
        if self._random is None:
            self._random = Random(self.surroundings.seed)  # noqa: S311 - RND, replayable
        return self._random.random()

    # --- what is said ---------------------------------------------------------------------------------------

    def talk(self, text: Value) -> None:
        said = values.to_text(text, self.limits.string)
        self._talks += 1
        self._said += len(said)
        if self._talks > self.limits.talks:
            raise BudgetError(f"More than {self.limits.talks} messages in one turn", code="E_BUDGET_TALKS")
        if self._said > self.limits.string:
            raise BudgetError("The messages of one turn are too long", code="E_BUDGET_TALKS")
        self.spend(1 + len(said) // 64)
        self.outputs.append(Said(said))

    def log(self, level: str, line: int, *items: Value) -> None:
        text = " ".join(values.to_text(item, self.limits.string) for item in items)
        self.spend(1 + len(text) // 64)
        self._said += len(text)
        if self._said > self.limits.string:
            raise BudgetError("The log of one turn is too long", code="E_BUDGET_TALKS")
        self.outputs.append(Logged(level, text, line))

    @property
    def last_said(self) -> str:
        return next((output.text for output in reversed(self.outputs) if isinstance(output, Said)), "")

    def suggest(self, tool: Value, text: Value, value: Value) -> None:
        title = values.to_text(text)
        if tool is not None:
            answer = values.to_text(tool)
            title = title or answer
        else:
            answer = title if value is None else values.to_text(value)
        if len(self.suggestions) >= SUGGESTIONS_MAX:
            raise BasicError(f"There are more than {SUGGESTIONS_MAX} suggestions", code="E_SUGGESTIONS")
        self.suggestions.append(Option(str(len(self.suggestions) + 1), title, answer))

    def clear_suggestions(self) -> None:
        self.suggestions.clear()

    # --- suspending -----------------------------------------------------------------------------------------

    def hear(
        self,
        variable: str,
        kind: str,
        open_menu: bool,
        prompt: Value,
        choices: tuple[Value, ...],
        default: Value,
    ) -> Suspended:
        """``default`` is UNSET without DEFAULT."""
        if prompt is not None:
            self.talk(prompt)
        texts = [item for choice in choices for item in (choice if isinstance(choice, list) else [choice])]
        if len(texts) > MENU_MAX:
            raise BasicError(f"A menu has at most {MENU_MAX} choices", code="E_MENU")
        options = tuple(_option(index, values.to_text(text)) for index, text in enumerate(texts, start=1))
        return Suspended(
            Waiting(
                "hear",
                variable=variable,
                kind=kind,
                prompt=self.last_said,
                options=options,
                open_menu=open_menu,
                default=None if default is UNSET else default,
                has_default=default is not UNSET,
                timeout=self.settings.hear_timeout,
                suggestions=() if options else tuple(self.suggestions),
            )
        )

    def wait(self, seconds: Value) -> Suspended:
        number = values.to_number(seconds)
        if number < 0 or number > LONGEST_WAIT:
            raise BasicError("WAIT takes seconds, from 0 to 366 days", code="E_WAIT")
        return Suspended(Waiting("wait"), seconds=float(number))

    def outside(self, phrase: str, arguments: tuple[Value, ...]) -> Suspended:
        plain = tuple(values.to_plain(argument, self.limits, reveal=True) for argument in arguments)
        return Suspended(Waiting("outside"), phrase=phrase, arguments=plain)

    def call_script(self, name: Value, arguments: tuple[Value, ...], tail: bool) -> CalledScript:
        return CalledScript(script_key(values.to_text(name)), arguments, tail)

    def deliver(self, value: Value) -> None:
        """What the suspension that code resumes at gives: ``take`` hands it over."""
        self._delivered = value

    def throw(self, error: BasicError) -> None:
        self._thrown = error

    def take(self) -> Value:
        if self._thrown is not None:
            error, self._thrown = self._thrown, None
            raise error
        value, self._delivered = self._delivered, None
        return value

    # --- keywords that are answered at once -----------------------------------------------------------------

    def keyword(self, phrase: str, arguments: tuple[Value, ...]) -> Value:
        self.spend(10)
        plain = tuple(values.to_plain(argument, self.limits) for argument in arguments)
        return values.from_plain(self.surroundings.call(phrase, plain), self.limits)

    def configured(self, key: Value) -> Value:
        """``GET "config", key``: null if the bot has no such setting."""
        name = values.to_text(key).strip().casefold().replace(" ", "-").replace("_", "-")
        found = self.settings.config.get(name)
        return found if found is not None else self.settings.config.get(values.to_text(key))

    # --- variables by name ----------------------------------------------------------------------------------

    def recall(self, name: str) -> Value:
        """``GET name``: this run's value if it is set, else the stored one."""
        if name in self.variables:
            return self.variables[name]
        return self.stored.get(name)

    def get(self, operand: Value) -> Value:
        return paths.get(self, operand)

    def get_of(self, value: Value) -> Value:
        """``GET name`` where the script gives ``name`` a value: a path or an address in it is followed."""
        return paths.follow(self, value)

    def get_session(self, path: str, value: Value) -> Value:
        """``GET "session.x"`` with the variable's value at hand: the context comes first."""
        if path.strip().casefold() in self.surroundings.context:
            return paths.get(self, path)
        return value

    def get_in(self, path: str, value: Value) -> Value:
        """``GET "name.member"`` with the variable's value at hand."""
        return paths.walk(value, paths.segments(path)[1:])

    def set_path(self, path: Value, value: Value) -> None:
        paths.store(self, values.to_text(path), value)

    def check_path(self, path: str) -> None:
        paths.check_writable(self, path)

    # --- GOSUB ----------------------------------------------------------------------------------------------

    def gosub(self, frame: Frame, point: int) -> None:
        if len(frame.returns) >= self.limits.call_depth:
            self.too_deep()
        frame.returns.append(point)

    def gosub_return(self, frame: Frame, code: Code) -> int:
        """The block after the GOSUB that RETURN goes back to."""
        return code.points[frame.returns.pop()][2]

    # --- building values ------------------------------------------------------------------------------------

    def template(self, parts: tuple[Value, ...]) -> str:
        limit = self.limits.string
        texts = [part if part.__class__ is str else values.to_text(part, limit) for part in parts]
        values.check_string(self, sum(map(len, texts)))
        return "".join(texts)

    def grown(self, text: str) -> str:
        """A text that was just concatenated and is not short: charge for it and check its length."""
        values.check_string(self, len(text))
        return text

    def record(self, entries: tuple[tuple[str, Value], ...]) -> values.Record:
        values.check_record(self, len(entries))
        values.charge_kept(self, *(value for _, value in entries))
        return values.new_record(entries)

    def listed(self, items: list[Value]) -> list[Value]:
        """An array that is written out."""
        values.check_array(self, len(items), values.LIST + len(items))
        values.charge_kept(self, *items)
        return items

    def array(self, size: Value) -> list[Value]:
        """DIM a(5): five nulls."""
        count = values.to_number(size)
        if count < 0:
            raise BasicError("An array cannot have a negative size", code="E_INDEX")
        values.check_array(self, int(min(count, self.limits.array + 1)))
        return [None] * int(count)

    def fold(self, operators: str, operands: list[Value]) -> Value:
        """A long chain of ``+`` and ``-``, from left to right."""
        result = operands[0]
        for sign, operand in zip(operators, operands[1:], strict=True):
            if sign == "+":
                result = values.add(self, result, operand)
            elif sign == "-":
                result = values.subtract(self, result, operand)
            else:
                result = values.concat(self, result, operand)
        return result


def _option(index: int, text: str) -> Option:
    return Option(str(index), text, text)


def script_key(name: str) -> str:
    """``"Menu.bas"`` and ``"menu"`` name the same script."""
    return name.strip().casefold().removesuffix(".bas")
