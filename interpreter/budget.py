"""What a step may spend: units for loops, calls and growing values; iterators that charge as they are used.

Units are counted, never time, so that a step that is run again spends the same.
"""

from __future__ import annotations

import collections
import itertools
import operator
from collections.abc import Iterator
from typing import Any

from interpreter import values
from interpreter.effects import Limits, Overrun
from interpreter.errors import BasicError, BudgetError

GRANT = 500  # units handed to the loops at a time

Value = Any
Ticks = Iterator[Any]


class Budget:
    """The units of one step.

    Loops and calls spend through *ticks*, iterators of which each item taken is a unit. There is one for each depth
    of calls, and its items are the ticks of the calls below it: so that one step of an iterator written in C
    both charges a call and counts how deep it is.

    :param inline: raise Overrun beyond ``limits.inline_units``.
    :ivar ticks: those of the outermost code.
    """

    def __init__(self, limits: Limits, inline: bool) -> None:
        self.limits = limits
        self._overruns = inline and limits.inline_units < limits.units
        self._total = limits.inline_units if self._overruns else limits.units
        self._left = self._total
        self._granted: list[Ticks] = []  # what each depth was handed and has not used up
        self.ticks: Ticks = itertools.chain.from_iterable(self._grants(0))

    def _grants(self, depth: int) -> Iterator[Ticks]:
        """Units for loops and calls at one depth, a few hundred at a time."""
        if depth > self.limits.call_depth:
            self.too_deep()
        below: Ticks = itertools.chain.from_iterable(self._grants(depth + 1))
        self._granted.append(itertools.repeat(below, 0))
        while True:
            if self._left <= 0:
                self._take_back()
            if self._left <= 0:
                self._exhausted()
            size = min(GRANT, 1 + self._left // 8)
            self._left -= size
            self._granted[depth] = itertools.repeat(below, size)
            yield self._granted[depth]

    def _exhausted(self) -> None:
        if self._overruns:
            raise Overrun
        raise BudgetError(
            f"The script took more than {self.limits.units:,} steps without waiting for anyone",
            code="E_BUDGET_UNITS",
            hint="is there a loop that never ends?",
        )

    def spend(self, units: int, /) -> None:
        """Charge ``units``.

        :raises BudgetError: there are not so many left (Overrun while running inline).
        """
        self._left -= units
        if self._left < 0:
            self._take_back()
            if self._left < 0:
                self._exhausted()

    def _take_back(self) -> None:
        """What was handed out and is not used yet."""
        for granted in self._granted:
            self._left += operator.length_hint(granted)
            collections.deque(granted, maxlen=0)

    def finish(self) -> int:
        """Units spent. The iterators let go of the run, so that it does not wait for the garbage collector."""
        spent = self._total - self._left - sum(map(operator.length_hint, self._granted))
        self.ticks = itertools.repeat(None, 0)
        self._granted.clear()
        return spent

    def too_deep(self) -> None:
        raise BudgetError(
            f"More than {self.limits.call_depth} calls inside each other",
            code="E_BUDGET_DEPTH",
            hint="endless recursion?",
        )

    # --- loops ---

    def count(self, start: Value, stop: Value, step: Value) -> Iterator[Value]:
        """The values of FOR, charged as they are taken."""
        start, stop, step = values.to_number(start), values.to_number(stop), values.to_number(step)
        if step == 0:
            raise zero_step()
        if start.__class__ is int and step.__class__ is int:
            whole = stop if stop.__class__ is int else int(stop // 1) if step > 0 else -int(-stop // 1)
            whole = max(values.INTEGER_MIN, min(whole, values.INTEGER_MAX))
            return itertools.chain.from_iterable(
                self._ranges(range(start, whole + (1 if step > 0 else -1), step))
            )
        return self._steps(start, stop, step)

    def _ranges(self, whole: range) -> Iterator[range]:
        """Parts of a range, each charged when it begins; they grow, so that an early exit costs little."""
        size = 16
        while whole:
            part = whole[:size]
            self.spend(len(part))
            yield part
            whole = whole[size:]
            size = min(2 * size, GRANT)

    def _steps(self, value: float, stop: float, step: float) -> Iterator[float]:
        while value <= stop if step > 0 else value >= stop:
            next(self.ticks)
            yield value
            value += step

    def items(self, container: Value) -> list[Value]:
        self.spend(1)
        return values.iterate(container)

    def each(self, container: Value, last: Value) -> Iterator[Value]:
        """The items of FOR EACH: as many as there are at the start, each as it is when its turn comes."""
        found = self.items(container)
        return itertools.islice(found, first_index(found, last), len(found))


def zero_step() -> BasicError:
    return BasicError("STEP 0 would never end", code="E_STEP")


def first_index(items: list[Value], last: Value) -> int:
    """Where FOR EACH begins: ``last`` items from the end, or at the start for null."""
    if last is None:
        return 0
    return max(0, len(items) - max(0, int(values.to_number(last))))
