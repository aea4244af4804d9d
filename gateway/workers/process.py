"""One of several server processes. Started by ``gateway.workers.child``, never by hand.

Standard input brings its orders, and its end says that the supervisor is gone. Standard output carries what
the supervisor is to know, a JSON object a line: ``{"ready": ...}`` or ``{"failed": ...}``.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

import orjson

from core.errors import TrunklineError
from gateway import log
from gateway.ending import exit_with
from gateway.serve import serve
from gateway.workers.orders import Orders


class Post:
    """A ``gateway.serve.Station``."""

    def __init__(self, orders: Orders, answers: BinaryIO) -> None:
        self.listener = socket.socket(fileno=orders.listener)
        self.operator = orders.operator
        self._answers = answers

    def announce(self, what: str) -> None:
        self._answer(ready=what)

    def failed(self, error: TrunklineError) -> None:
        self._answer(failed={"message": error.message, "hint": error.hint, "exit_code": error.exit_code})

    def watch(self, stop: Callable[[], None]) -> None:
        """One signal drains, as often as it comes: a terminal and systemd signal every process of a group."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, stop)
        loop.add_signal_handler(signal.SIGINT, _leave_it_to_the_supervisor)

        def gone() -> None:
            loop.remove_reader(sys.stdin.fileno())
            stop()

        loop.add_reader(sys.stdin.fileno(), gone)

    def _answer(self, **answer: Any) -> None:
        self._answers.write(orjson.dumps(answer) + b"\n")
        self._answers.flush()


def _leave_it_to_the_supervisor() -> None: ...


def _take_standard_output() -> BinaryIO:
    """For the answers alone: what plugins print goes where the log goes."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def main() -> None:
    answers = _take_standard_output()
    orders: Orders = pickle.load(sys.stdin.buffer)  # noqa: S301  the supervisor wrote it
    log.configure(dev=orders.config.dev, level=os.environ.get("TRUNKLINE_LOG", ""), worker=orders.number)
    post = Post(orders, answers)
    try:
        code = serve(orders.config, strict=orders.strict, station=post)
    except TrunklineError as error:
        post.failed(error)
        code = error.exit_code
    exit_with(code)


if __name__ == "__main__":
    main()
