"""``trunkline serve``: build everything, say that it is ready, run until a signal, drain.

Nothing may depend on the drain: a killed process loses nothing. It only makes a restart
smoother: sockets close with 1012, steps under way finish, leases are given back. It takes at most 25 s.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from importlib import metadata
from pathlib import Path
from typing import Protocol, cast

from aiohttp import web

from core.adapter import Adapter
from core.engine import Engine
from core.errors import PLUGIN_ERRORS, ConfigError, Refused
from core.limits import ServerLimits
from gateway.accounts import add_bot_accounts, check_bots
from gateway.bots import BotFolders
from gateway.config import Config
from gateway.data_folder import held, make_data_folder
from gateway.health import Health
from gateway.http.app import build_app, first_segments
from gateway.http.server import Runner
from gateway.listeners import start_listeners
from gateway.listening import BACKLOG, address_of, bind
from gateway.metrics import Metrics
from gateway.operator import SOCKET, bind_socket, metrics_app, operator_app
from gateway.plugins import Plugins, in_words, keyword_table, load_plugins
from gateway.storage import check_key, compiler_of, make_store, secret_key

DRAIN_SECONDS = 25.0
ENGINE_DRAIN_SECONDS = 20.0
EXIT_FAILED = 1
EXIT_COMPILE = 65
EARLIEST_CLOCK = 1_735_689_600  # 2025-01-01: a clock before that is not set

log = logging.getLogger(__name__)


class Station(Protocol):
    """What a server does not do by itself if it is one of several processes; see gateway.workers."""

    listener: socket.socket
    """The others accept from it as well."""

    operator: Path
    """The socket at which this process answers its supervisor."""

    def announce(self, what: str) -> None:
        """It is ready. :param what: its bots and channels, in words."""
        ...

    def watch(self, stop: Callable[[], None]) -> None:
        """From now on call *stop* when this process is to end."""
        ...


def serve(config: Config, *, strict: bool = False, station: Station | None = None) -> int:
    """Run the server until SIGTERM or SIGINT; a second one ends the process at once.

    :param strict: a bot that does not compile ends the start with 65.
    :param station: given to one of several processes.
    :returns: the exit code.
    :raises TrunklineError: it cannot start.
    """
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(_Server(config, strict, station).run())
    except SystemExit as end:  # raised in a task of its own by somebody's plugin: the event loop is gone
        log.critical("ended_by_a_plugin", extra={"reason": str(end)})
        return EXIT_FAILED


class _Server:
    """One run of the server: what is built, in order, is taken down in reverse."""

    def __init__(self, config: Config, strict: bool, station: Station | None) -> None:
        self.config = config
        self.strict = strict
        self.station = station
        self.stop = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []

    async def run(self) -> int:
        config = self.config
        self._watch_signals()
        self._check_clock()
        plugins = self._plugins()
        make_data_folder(config.data)
        key = secret_key(config)
        bots = BotFolders(
            config,
            keyword_table(plugins),
            reserved=first_segments(plugins.adapters.values()),
            compiler=compiler_of(config),
        )
        bots.load()
        if self.strict and any(bot.error for bot in bots.all()):
            print("\n".join(bot.error for bot in bots.all() if bot.error), file=sys.stderr)  # noqa: T201
            return EXIT_COMPILE
        self._accounts(plugins, bots)
        async with AsyncExitStack() as stack:
            await self._start(stack, plugins, bots, key)
            self._announce(plugins, bots)
            _set_aside()
            await self.stop.wait()
            log.info("draining")
            await self._drain(stack)
        return 0

    # --- before ---

    def _check_clock(self) -> None:
        if time.time() < EARLIEST_CLOCK:
            raise ConfigError(
                "this machine's clock is not set: it says a time before 2025", hint="set the clock"
            )

    def _plugins(self) -> Plugins:
        plugins = load_plugins(self.config)
        if plugins.errors:
            raise plugins.errors[0]
        for warning in self.config.warnings:
            log.warning("settings", extra={"reason": warning})
        for plugin in plugins.failed():
            log.error("plugin_failed", extra={"plugin": plugin.name, "reason": plugin.reason})
        for (channel, account), reason in plugins.off.items():
            log.warning("account_off", extra={"channel": channel, "account": account, "reason": reason})
        return plugins

    def _accounts(self, plugins: Plugins, bots: BotFolders) -> None:
        for bot in bots.all():
            for warning in add_bot_accounts(plugins, self.config, bot):
                log.warning("account_off", extra={"bot": bot.name, "reason": warning})
        for warning in self.config.lost_variables(bots.names()):
            log.warning("settings", extra={"reason": warning})
        check_bots(plugins.accounts, set(bots.names()), self.config)
        if not bots.names():
            log.warning("no_bots", extra={"folder": str(self.config.bots)})

    def _limits(self, bots: BotFolders) -> ServerLimits:
        """The server's own figures, else the largest value of any bot."""
        default, server = ServerLimits(), self.config.server
        of_bots = [
            bot.settings.session_max_concurrent or default.session_max_concurrent for bot in bots.all()
        ]
        concurrent = max(of_bots, default=default.session_max_concurrent)
        rate = server.session_create_rate_limit
        return ServerLimits(
            session_max_concurrent=server.session_max_concurrent or concurrent,
            session_create_rate_limit=default.session_create_rate_limit if rate is None else rate,
        )

    # --- start ---

    async def _start(self, stack: AsyncExitStack, plugins: Plugins, bots: BotFolders, key: bytes) -> None:
        config = self.config
        self.listener = self._take_place(stack)
        self.store = make_store(config, plugins, key)
        if self.station and not self.store.shared:
            raise ConfigError("--workers: the store is of one process", hint="leave --workers out")
        await self.store.open()
        stack.push_async_callback(self.store.close)
        if not self.store.durable:
            log.warning("store_not_durable", extra={"reason": "a power cut can lose acknowledged writes"})
        await check_key(self.store, key)
        await _start_adapters(stack, plugins)
        self.engine = Engine(
            store=self.store,
            bots=bots,
            keywords=keyword_table(plugins),
            adapters=plugins.adapters,
            accounts=plugins.accounts,
            data=config.data,
            secret_key=key,
            server=self._limits(bots),
            public_url=config.public_url,
            dev=config.dev,
        )
        stack.callback(self.engine.close)
        self.metrics = Metrics(self.engine.figures)
        self.health = Health(
            self.store, config.data, lambda: channel_states(plugins), lambda: bot_states(bots)
        )
        await self.engine.start()
        self.tasks += start_listeners(plugins.adapters, plugins.accounts, self.engine)
        self.tasks += self._reloading(bots)
        await self._open_doors(stack, plugins, bots)

    def _take_place(self, stack: AsyncExitStack) -> socket.socket:
        """The port and the data folder, unless a supervisor has them."""
        if self.station is not None:
            return self.station.listener
        make_data_folder(self.config.data)
        listener = bind(self.config.server.host, self.config.server.port, "server")
        stack.callback(listener.close)
        stack.enter_context(held(self.config.data))
        return listener

    async def _open_doors(self, stack: AsyncExitStack, plugins: Plugins, bots: BotFolders) -> None:
        config = self.config
        app = build_app(
            config, plugins, self.engine, health=self.health, metrics=self.metrics, base_url=self._base_url
        )
        self.runner = await self._listen(stack, app, self.listener)
        operator = operator_app(
            store=self.store,
            health=self.health,
            metrics=self.metrics,
            end_session=self._end_session,
            wake=self.engine.dispatcher.wake,
            reload=bots.reload,
        )
        path = self.station.operator if self.station else config.data / SOCKET
        await self._listen(stack, operator, bind_socket(path))
        if config.operator.port and not self.station:
            tcp = bind(config.operator.host, config.operator.port, "operator")
            await self._listen(stack, metrics_app(self.health, self.metrics), tcp)

    async def _listen(self, stack: AsyncExitStack, app: web.Application, listener: socket.socket) -> Runner:
        runner = Runner(app)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listener, backlog=BACKLOG).start()
        return runner

    def _reloading(self, bots: BotFolders) -> list[asyncio.Task[None]]:
        if self.config.dev:
            return [asyncio.create_task(bots.watch(self.stop), name="watch-bots")]
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, lambda: loop.run_in_executor(None, bots.reload))
        return []

    async def _end_session(self, session_id: str) -> None:
        if not await self.engine.end(session_id):
            raise Refused(404, "E_NOT_FOUND", f"There is no live session {session_id}.")

    def _base_url(self) -> str:
        return self.config.public_url or address_of(self.listener)

    def _announce(self, plugins: Plugins, bots: BotFolders) -> None:
        broken = {bot.name for bot in bots.all() if bot.release is None}
        names = ", ".join(f"{name} (broken)" if name in broken else name for name in bots.names()) or "none"
        channels = (
            ", ".join(name for name, state in channel_states(plugins).items() if state == "on") or "none"
        )
        what = f"bots: {names}; channels on: {channels}"
        if self.station is not None:
            self.station.announce(what)
        else:
            print_ready(self.listener, what)

    # --- end ---

    def _watch_signals(self) -> None:
        if self.station is not None:
            self.station.watch(self.stop.set)
            return

        def handle(number: int) -> None:
            if self.stop.is_set():
                os._exit(128 + number)
            self.stop.set()

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, handle, number)

    async def _drain(self, stack: AsyncExitStack) -> None:
        self.health.draining = True
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self.runner.turn_away()
                for task in self.tasks:
                    task.cancel()
                await asyncio.gather(*self.tasks, return_exceptions=True)
                await self.engine.drain(ENGINE_DRAIN_SECONDS)
                await stack.aclose()
        except TimeoutError:
            log.warning("drain_cut_off", extra={"seconds": DRAIN_SECONDS})
            os._exit(0)


def print_ready(listener: socket.socket, what: str) -> None:
    """The one line for people."""
    line = f"Trunkline {version()} ready: {address_of(listener)}/ ({what})"
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def version() -> str:
    try:
        return metadata.version("trunkline")
    except metadata.PackageNotFoundError:
        return "unknown"


def channel_states(plugins: Plugins) -> dict[str, str]:
    """``on``, or why not, by channel; a plugin that has failed is named itself, whatever it would have brought."""
    found = {name: _channel_state(plugins, adapter) for name, adapter in plugins.adapters.items()}
    return found | {plugin.name: f"failed: {plugin.reason}" for plugin in plugins.failed()}


def bot_states(bots: BotFolders) -> dict[str, str]:
    """``ok``, or what is wrong in a few words, by bot. Anybody may ask: not where on the disk the bots lie."""
    folder = f"{bots.root}{os.sep}"
    return {
        bot.name: _bot_state(bot.error.replace(folder, ""), bot.release is not None) for bot in bots.all()
    }


def _channel_state(plugins: Plugins, adapter: Adapter) -> str:
    off = [
        f"account {name} is off: {why}"
        for (channel, name), why in plugins.off.items()
        if channel == adapter.name
    ]
    has_account = any(channel == adapter.name for channel, _ in plugins.accounts)
    if has_account or any(route.handle is not None for route in adapter.routes()):
        return "; ".join(["on", *off])
    return "; ".join(["off", *off]) if off else "off: no account"


def _bot_state(error: str, has_release: bool) -> str:
    if not error:
        return "ok"
    first = error.splitlines()[0]
    return f"last good version runs: {first}" if has_release else f"broken: {first}"


def _set_aside() -> None:
    """What lives as long as the process is not looked through for garbage again, which costs a turn a twentieth."""
    gc.collect()
    gc.freeze()


async def _start_adapters(stack: AsyncExitStack, plugins: Plugins) -> None:
    """``start`` and ``close`` are optional members of an adapter. One that cannot start leaves the others alone."""
    for name, adapter in list(plugins.adapters.items()):
        try:
            if hasattr(adapter, "start"):
                await adapter.start()
        except PLUGIN_ERRORS as error:
            log.exception("channel_failed", extra={"channel": name})
            plugins.give_up(name, f"cannot start: {in_words(error)}")
        else:
            stack.push_async_callback(_close, adapter)


async def _close(adapter: Adapter) -> None:
    try:
        if hasattr(adapter, "close"):
            await adapter.close()
    except PLUGIN_ERRORS:
        log.exception("channel_not_closed", extra={"channel": adapter.name})


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where it is installed: a WebSocket message costs a third less; correct without."""
    with suppress(ImportError):
        import uvloop  # noqa: PLC0415  optional

        return cast(Callable[[], asyncio.AbstractEventLoop], uvloop.new_event_loop)
    return None
