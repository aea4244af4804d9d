"""``trunkline doctor``: everything that a start, and a night of running, depends on; each line with its fix.

It changes nothing: the database is opened read-only, whether a server runs over it or not.
"""

from __future__ import annotations

import asyncio
import errno
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from core.errors import ConfigError, TrunklineError
from core.records import InboxRow
from core.sqlite.connection import check_file
from core.store import Store
from gateway.bots import BotFolders
from gateway.config import Config, load
from gateway.health import CLOCK_SECONDS, LOW_DISK
from gateway.http.app import first_segments
from gateway.operator import ask
from gateway.plugins import Plugins, keyword_table, load_plugins
from gateway.storage import (
    KEY_FILE,
    KEY_HINT,
    check_key,
    has_key,
    is_postgres,
    make_store,
    secret_key,
    sqlite_path,
)

PACKAGES = ("trunkline", "interpreter", "core", "adapters", "gateway")
OLDEST_PYTHON = (3, 11)
DEAD_LETTERS = 1000


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One finding."""

    check: str
    state: Literal["ok", "warn", "fail"]
    message: str
    fix: str = ""


def examine(config_path: str | None, *, options: Mapping[str, Any], dev: bool) -> list[Line]:
    """Every check that can be made; one that stops the others says so."""
    lines = [_python(), *_overwritten(), *_requirements()]
    try:
        config = load(config_path, options=options, dev=dev)
    except TrunklineError as error:
        return [*lines, _failed("configuration", error)]
    lines.append(
        Line(check="configuration", state="ok", message=config.source if config.path else "defaults")
    )
    lines += [Line(check="configuration", state="warn", message=warning) for warning in config.warnings]
    plugins = load_plugins(config)
    lines += [*_plugins(plugins), *_scripts(config, plugins), _data(config), _disk(config)]
    lines += asyncio.run(_store(config, plugins))
    return [*lines, _cache(config), *_public_url(config, plugins)]


# --- the installation ---------------------------------------------------------------------------------------


def _python() -> Line:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Line(check="python", state="fail", message=found, fix="use Python 3.11 or newer")
    return Line(check="python", state="ok", message=f"{found} ({sys.executable})")


def _overwritten() -> Iterator[Line]:
    """The four folders have everyday names: another distribution may have written over one."""
    owners = metadata.packages_distributions()
    for package in PACKAGES:
        others = sorted(set(owners.get(package, ())) - {"trunkline"})
        if others or importlib.util.find_spec(package) is None:
            message = f"{package} also comes with {', '.join(others)}" if others else f"{package} is missing"
            fix = "install trunkline into an environment of its own (pipx, uv tool)"
            yield Line(check="packages", state="fail", message=message, fix=fix)


def _requirements() -> Iterator[Line]:
    from packaging.requirements import Requirement  # noqa: PLC0415

    wrong = []
    for text in metadata.requires("trunkline") or ():
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} {version} is not {requirement.specifier}")
    if wrong:
        yield Line(
            check="packages", state="fail", message="; ".join(wrong), fix="pip install --upgrade trunkline"
        )
    else:
        yield Line(check="packages", state="ok", message="all requirements are met")


# --- settings -----------------------------------------------------------------------------------------------


def _plugins(plugins: Plugins) -> Iterator[Line]:
    for error in plugins.errors:
        yield _failed("plugins", error)
    wrong = {error.message for error in plugins.errors}
    for plugin in plugins.plugins:
        if plugin.state == "failed" and plugin.reason not in wrong:
            fix = "install or repair it, or take it out of plugins.yaml"
            yield Line(check="plugins", state="fail", message=f"{plugin.name}: {plugin.reason}", fix=fix)
    for (channel, account), why in plugins.off.items():
        message = f"{channel} account {account} is off: {why}"
        yield Line(
            check="secrets", state="warn", message=message, fix="set the variable, or remove the account"
        )
    on = [plugin.name for plugin in plugins.plugins if plugin.state == "on"]
    yield Line(check="plugins", state="ok", message=f"on: {', '.join(on) or 'none'}")


def _scripts(config: Config, plugins: Plugins) -> Iterator[Line]:
    bots = BotFolders(config, keyword_table(plugins), reserved=first_segments(plugins.adapters.values()))
    try:
        with _silence():
            bots.load()
    except TrunklineError as error:
        yield _failed("bots", error)
        return
    for bot in bots.all():
        if bot.error:
            message = f"{bot.name}: {bot.error.splitlines()[0]}"
            yield Line(
                check="scripts", state="fail", message=message, fix="trunkline check shows every error"
            )
        else:
            scripts = len(bot.release.sources) if bot.release else 0
            yield Line(check="scripts", state="ok", message=f"{bot.name}: {scripts} scripts compile")
    for warning in config.lost_variables(bots.names()):
        yield Line(check="bots", state="warn", message=warning, fix="rename the variable, or remove it")
    if not bots.names():
        yield Line(
            check="bots", state="warn", message=f"no bot in {config.bots}", fix="trunkline new bot NAME"
        )


def _public_url(config: Config, plugins: Plugins) -> Iterator[Line]:
    if not config.public_url:
        message = "not set; providers cannot call webhooks"
        yield Line(check="public URL", state="ok" if not plugins.accounts else "warn", message=message)
        return
    parts = urlsplit(config.public_url)
    if parts.scheme != "https":
        message = f"{config.public_url} is not https; providers sign and call https URLs"
        yield Line(
            check="public URL", state="warn", message=message, fix="set public_url to the https:// address"
        )
        return
    yield Line(
        check="public URL", state="ok", message=f"webhooks are signed for {config.public_url}/channels/…"
    )


# --- data ---------------------------------------------------------------------------------------------------


def _data(config: Config) -> Line:
    if not config.data.exists():
        return Line(check="data folder", state="ok", message=f"{config.data} will be made at the first start")
    fix = "give this user the right to write there, or choose another with --data"
    full = (errno.ENOSPC, errno.EDQUOT)
    try:
        with tempfile.NamedTemporaryFile(dir=config.data, prefix=".doctor-") as file:
            file.write(b"written")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        message = f"{config.data}: {error.strerror}"
        fix = "make room on the disk" if error.errno in full else fix
        return Line(check="data folder", state="fail", message=message, fix=fix)
    return Line(check="data folder", state="ok", message=f"{config.data} can be written")


def _disk(config: Config) -> Line:
    folder = next((each for each in (config.data, *config.data.parents) if each.exists()), Path("/"))
    usage = shutil.disk_usage(folder)
    free = usage.free / max(1, usage.total)
    state: Literal["ok", "warn", "fail"] = "ok" if free >= LOW_DISK else "fail"
    return Line(
        check="disk",
        state=state,
        message=f"{free:.0%} free",
        fix="" if state == "ok" else "make room on the disk",
    )


async def _store(config: Config, plugins: Plugins) -> list[Line]:
    sqlite = config.store.startswith("sqlite:")
    if sqlite and not sqlite_path(config).exists():
        return [
            Line(check="store", state="ok", message=f"{sqlite_path(config)} will be made at the first start")
        ]
    if sqlite:
        try:
            check_file(str(sqlite_path(config)))
        except TrunklineError as error:
            return [_failed("store", error)]
    if not has_key(config):
        missing = "TRUNKLINE_SECRET_KEY" if is_postgres(config) else config.data / KEY_FILE
        return [Line(check="secret key", state="fail", message=f"{missing} is missing", fix=KEY_HINT)]
    try:
        key = secret_key(config)
        store = make_store(config, plugins, key, read_only=True)
        await store.open()
    except TrunklineError as error:
        return [_failed("store", error)]
    lines: list[Line] = []
    try:
        lines += [await _key(store, key), *await _reached(config, store)]
        lines += [*_durable(config, store), await _dead(store)]
    except TrunklineError as error:
        lines.append(_failed("store", error))
    finally:
        await store.close()
    return lines


def _durable(config: Config, store: Store) -> Iterator[Line]:
    if is_postgres(config) and not store.durable:
        message = "a power cut can lose acknowledged writes"
        fix = "set fsync, full_page_writes and synchronous_commit of the database to on"
        yield Line(check="store", state="warn", message=message, fix=fix)


async def _key(store: Store, key: bytes) -> Line:
    try:
        await check_key(store, key, note=False)
    except ConfigError as error:
        return _failed("secret key", error)
    return Line(check="secret key", state="ok", message="is the one that the store is written with")


async def _reached(config: Config, store: Store) -> list[Line]:
    """A running server write-checks the store and compares the clocks; else the folder's check must do."""
    await store.list_sessions(limit=1)
    try:
        running = await ask(config.data, "GET", "/readyz")
    except TrunklineError as error:
        return [Line(check="store", state="fail", message=error.message, fix="see the server's log")]
    if running is None:
        message = "can be read; no server is running"
        return [Line(check="store", state="ok", message=message), await _clock(config, store)]
    checks = running["checks"]
    well = checks["store"] == "ok"
    message = (
        "can be read and written by the running server" if well else f"the server says: {checks['store']}"
    )
    fix = "" if well else "see the server's log"
    return [
        Line(check="store", state="ok" if well else "fail", message=message, fix=fix),
        _clock_line(checks["clock"]),
    ]


async def _clock(config: Config, store: Store) -> Line:
    if config.store.startswith("sqlite:"):
        return Line(check="clock", state="ok", message="the store has this machine's")
    theirs = await store.ping()
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    return _clock_line("ok" if apart <= CLOCK_SECONDS else f"{apart:.1f} s away from the store's")


def _clock_line(found: str) -> Line:
    if found == "ok":
        return Line(check="clock", state="ok", message="agrees with the store's")
    return Line(check="clock", state="warn", message=found, fix="synchronise both clocks (NTP)")


async def _dead(store: Store) -> Line:
    letters: list[InboxRow] = list(await store.dead_letters(limit=DEAD_LETTERS))
    rows = await store.list_outbox(states=("dead",), limit=DEAD_LETTERS)
    if not letters and not rows:
        return Line(check="dead letters", state="ok", message="none")
    message = f"{len(letters)} received, {len(rows)} to be sent"
    return Line(check="dead letters", state="warn", message=message, fix="trunkline outbox list --state dead")


def _cache(config: Config) -> Line:
    if not config.cache:
        return Line(check="cache", state="ok", message="none is set; none is needed")
    message = f"the scheme {urlsplit(config.cache).scheme!r} is not available in this version"
    return Line(check="cache", state="fail", message=message, fix="leave cache empty")


def _failed(check: str, error: TrunklineError) -> Line:
    return Line(check=check, state="fail", message=error.message, fix=error.hint)


class _silence:
    """What is reported as lines is not logged as well."""

    def __enter__(self) -> None:
        import logging  # noqa: PLC0415

        self._restore: Callable[[int], None] = logging.disable
        logging.disable(logging.CRITICAL)

    def __exit__(self, *_: object) -> None:
        self._restore(0)
