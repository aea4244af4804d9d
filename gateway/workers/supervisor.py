"""The first process: it holds the port and the operator's door, and keeps the workers running.

All workers accept from one listening socket, so that nobody who waits to be let in is lost with a worker. The
supervisor serves no visitor and imports no adapter; if it is killed, its workers drain and end.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import time
from contextlib import AsyncExitStack, suppress

from aiohttp import web

from core.errors import ConfigError, TrunklineError
from gateway.config import Config
from gateway.data_folder import held, make_data_folder
from gateway.http.server import Runner
from gateway.listening import BACKLOG, bind
from gateway.operator import SOCKET, bind_socket
from gateway.serve import DRAIN_SECONDS, print_ready
from gateway.workers.child import Child
from gateway.workers.door import Door
from gateway.workers.orders import Orders

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0  # a worker that ran for so long is started again with the first pause
DRAIN_MARGIN = 5.0

log = logging.getLogger(__name__)


def supervise(config: Config, count: int, *, strict: bool = False) -> int:
    """Serve with *count* processes until SIGTERM or SIGINT; a second one ends them at once.

    :returns: the exit code.
    :raises TrunklineError: it cannot start; what a worker said of its first start.
    """
    if config.store.startswith("sqlite:"):
        hint = "leave --workers out, or set store to postgresql://… (docs/operations/postgresql.md)"
        raise ConfigError("--workers: SQLite is written by one process only", hint=hint)
    return asyncio.run(_Supervisor(config, count, strict).run())


class _Supervisor:
    def __init__(self, config: Config, count: int, strict: bool) -> None:
        self.config = config
        self.count = count
        self.strict = strict
        self.stop = asyncio.Event()
        self.children: dict[int, Child] = {}
        self.keepers: list[asyncio.Task[None]] = []
        self.door = Door(count, self.children)
        self.failure = 0

    async def run(self) -> int:
        self._watch_signals()
        async with AsyncExitStack() as stack:
            make_data_folder(self.config.data)
            self.listener = bind(self.config.server.host, self.config.server.port, "server")
            stack.callback(self.listener.close)
            stack.enter_context(held(self.config.data))
            stack.push_async_callback(self._end_all)
            # The first alone: it migrates, and says what is wrong with the settings, once.
            if await self._begin(1) and await self._begin_others():
                await self._open_door(stack)
                print_ready(self.listener, f"{self._words()}; workers: {self.count}")
                await self.stop.wait()
                self.listener.close()  # else who comes now would wait for nobody
                log.info("draining")
        return self.failure

    # --- start ---

    async def _begin(self, number: int) -> bool:
        """Start a worker that will be kept. :returns: whether it serves."""
        up: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.keepers.append(asyncio.create_task(self._keep(number, up), name=f"worker:{number}"))
        return await up

    async def _begin_others(self) -> bool:
        return all(await asyncio.gather(*(self._begin(number) for number in range(2, self.count + 1))))

    async def _open_door(self, stack: AsyncExitStack) -> None:
        await self._listen(stack, self.door.app(), bind_socket(self.config.data / SOCKET))
        if self.config.operator.port:
            tcp = bind(self.config.operator.host, self.config.operator.port, "operator")
            await self._listen(stack, self.door.figures_app(), tcp)

    async def _listen(self, stack: AsyncExitStack, app: web.Application, listener: socket.socket) -> None:
        runner = Runner(app)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listener, backlog=BACKLOG).start()

    def _words(self) -> str:
        return next((child.ready for child in self.children.values() if child.ready), "")

    # --- the workers ---

    async def _keep(self, number: int, up: asyncio.Future[bool]) -> None:
        pause = FIRST_PAUSE
        while not self.stop.is_set():
            started = time.monotonic()
            code = await self._run(number, up)
            if not up.done():
                self.failure = 0 if self.stop.is_set() else code or 1
                up.set_result(False)
            if self.stop.is_set() or up.exception() or not up.result():
                return
            lived = time.monotonic() - started
            pause = FIRST_PAUSE if lived > HEALTHY_AFTER else min(pause * 2, LONGEST_PAUSE)
            log.error("worker_ended", extra={"worker": number, "code": code, "again_in": pause})
            self.door.restarts += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self.stop.wait()

    async def _run(self, number: int, up: asyncio.Future[bool]) -> int:
        """One life of a worker. :returns: how it ended, as ``Child.ended``."""
        orders = Orders(
            config=self.config, strict=self.strict, number=number, listener=self.listener.fileno()
        )
        child = self.children[number] = await Child.start(orders)
        try:
            if self.stop.is_set():
                child.signal(signal.SIGTERM)
            if await child.come_up() and not up.done():
                up.set_result(True)
            return await child.ended()
        except TrunklineError as error:
            if up.done():
                log.error("worker_cannot_start", extra={"worker": number, "reason": error.message})
            else:
                up.set_exception(error)
            return error.exit_code
        finally:
            del self.children[number]

    # --- end ---

    def _watch_signals(self) -> None:
        def end(number: signal.Signals) -> None:
            if self.stop.is_set():
                self._signal_all(signal.SIGKILL)
                os._exit(128 + number)
            self.stop.set()
            self._signal_all(signal.SIGTERM)

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end, number)
        loop.add_signal_handler(signal.SIGHUP, self._reload)

    def _reload(self) -> None:
        for child in self.children.values():
            if child.ready is not None:  # before that it reads the bots' files anyway
                child.signal(signal.SIGHUP)

    def _signal_all(self, number: signal.Signals) -> None:
        for child in self.children.values():
            child.signal(number)

    async def _end_all(self) -> None:
        self.stop.set()
        self._signal_all(signal.SIGTERM)
        if self.keepers:
            _, late = await asyncio.wait(self.keepers, timeout=DRAIN_SECONDS + DRAIN_MARGIN)
            if late:
                log.warning("drain_cut_off", extra={"workers": len(late)})
                self._signal_all(signal.SIGKILL)
                await asyncio.wait(late)
