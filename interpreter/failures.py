"""ERROR, ERR and ON ERROR: what becomes of a BASIC error in generated code. A BudgetError is never caught."""

from __future__ import annotations

from typing import Any

from interpreter import values
from interpreter.errors import BasicError, BudgetError
from interpreter.frames import ErrorState, Frame
from interpreter.signals import Code, Ended, EndScript, Left, Signal

Value = Any


class Failures:
    """The error state of a run."""

    def __init__(self) -> None:
        self.error_state = ErrorState()
        self._signal: Signal = Ended(None)

    def handle(self, frame: Frame, code: Code, block: int, error: Exception) -> int:
        """The block that goes on after ``error``; -1 if the frame is left."""
        if isinstance(error, EndScript):
            self._signal = Ended(error.value)
            return -1
        assert isinstance(error, BasicError)
        if isinstance(error, BudgetError):
            raise error
        target = code.handlers.get(block, -1)
        if target < 0 and self.error_state.resume_next:
            target = code.traps.get(block, -1)
        if target < 0 and frame.handler:
            target = code.labels[frame.handler]
            frame.handler = ""  # an error in the handler itself is not caught by it
        if target < 0:
            self._signal = Left(error)
        else:
            self._note(error)
        return target

    def left(self) -> Signal:
        return self._signal

    def trap(self, error: BasicError) -> None:
        """After a statement failed: go on if ON ERROR RESUME NEXT is on, else raise it again."""
        if isinstance(error, BudgetError) or not self.error_state.resume_next:
            raise error
        self._note(error)

    def caught(self, error: BasicError) -> str:
        """The message, for CATCH."""
        if isinstance(error, BudgetError):
            raise error
        self._note(error)
        return error.message

    def _note(self, error: BasicError) -> None:
        state = self.error_state
        state.failed = True
        state.number = error.number
        state.message = error.message

    def error_flag(self) -> bool:
        return self.error_state.failed

    def error_number(self) -> int:
        return self.error_state.number

    def error_message(self) -> str:
        return self.error_state.message

    def clear_error(self) -> None:
        state = self.error_state
        state.failed = False
        state.number = 0
        state.message = ""

    def settled(self) -> None:
        """A statement succeeded while errors are passed over: ERROR tells of the latest statement only."""
        if self.error_state.failed:
            self.clear_error()

    def on_error(self, frame: Frame | None, mode: str, label: str) -> None:
        self.error_state.resume_next = mode == "next"
        if frame is not None:
            frame.handler = label
        self.clear_error()

    def raise_error(self, value: Value) -> None:
        if value.__class__ is values.Record:
            number = values.get_member(value, "number")
            message = values.get_member(value, "message")
            raise BasicError(
                values.to_text(message if message is not None else value),
                number=number if number.__class__ is int else 1,
                code="E_THROWN",
            )
        raise BasicError(values.to_text(value), code="E_THROWN")

    def assert_true(self, holds: bool, message: Value) -> None:
        if not holds:
            raise BasicError(values.to_text(message) or "An ASSERT does not hold", code="E_ASSERT")

    def stop(self, value: Value) -> None:
        raise EndScript(value)
