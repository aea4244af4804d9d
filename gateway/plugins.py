"""Loading plugins one by one: what is listed in ``plugins.yaml`` and nothing else.

A plugin is an object with hook implementations, named by an entry point of the group ``trunkline`` (ours like
anybody's) or by a local ``module:``. One that cannot be loaded is *failed*, with its reason, and the others
run; a setting that is wrong is a ConfigError, which stops ``serve``.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import inspect
import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import click
import msgspec
import pluggy
from msgspec.structs import replace

from core import hookspecs
from core.adapter import Account, Adapter, Route
from core.errors import PLUGIN_ERRORS, ConfigError
from core.hookspecs import API_VERSION
from core.keywords import HOST_KEYWORDS
from gateway.accounts import add_accounts
from gateway.config import Config
from interpreter.hearing import add_type
from interpreter.keywords import INTERPRETER_KEYWORDS, Keyword, KeywordTable

GROUP = "trunkline"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_OUR_KEYWORDS = (*INTERPRETER_KEYWORDS, *HOST_KEYWORDS)

log = logging.getLogger(__name__)


class Plugin(msgspec.Struct, frozen=True, kw_only=True):
    """What ``trunkline plugins`` shows of one."""

    name: str
    version: str
    distribution: str
    state: Literal["on", "off", "failed"]
    reason: str = ""
    adapters: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Plugins:
    """Everything that the plugins which are on have registered.

    :param accounts: by (adapter, account name); those that are off are not here.
    :param off: why an account is off, by (adapter, account name).
    :param errors: settings that are wrong; ``serve`` refuses to start with the first.
    """

    plugins: list[Plugin] = field(default_factory=list)
    adapters: dict[str, Adapter] = field(default_factory=dict)
    accounts: dict[tuple[str, str], Account] = field(default_factory=dict)
    off: dict[tuple[str, str], str] = field(default_factory=dict)
    keywords: dict[str, Keyword] = field(default_factory=dict)
    stores: dict[str, Callable[..., Any]] = field(default_factory=dict)
    validators: dict[str, Callable[..., Any]] = field(default_factory=dict)
    transcribers: dict[str, Callable[..., Any]] = field(default_factory=dict)
    commands: list[Callable[[click.Group], None]] = field(default_factory=list)
    errors: list[ConfigError] = field(default_factory=list)

    def failed(self) -> Iterator[Plugin]:
        return (plugin for plugin in self.plugins if plugin.state == "failed")

    def give_up(self, adapter: str, reason: str) -> None:
        """A channel that cannot start: nobody is served on it, and its plugin has failed."""
        del self.adapters[adapter]
        for kept in (self.accounts, self.off):
            for key in [key for key in kept if key[0] == adapter]:
                del kept[key]
        for index, plugin in enumerate(self.plugins):
            if adapter in plugin.adapters:
                self.plugins[index] = replace(plugin, state="failed", reason=reason)


class _Refusal(Exception):
    """The plugin cannot be used; the text is its reason."""


def load_plugins(config: Config) -> Plugins:
    """Load every listed plugin; report the installed ones that are not listed as *off*."""
    return _Loader(config, frozenset(keyword.phrase for keyword in _OUR_KEYWORDS if keyword.available)).run()


def keyword_table(plugins: Plugins | None = None) -> KeywordTable:
    """Every keyword that scripts may use: ours and those of the plugins that are on."""
    return KeywordTable((*_OUR_KEYWORDS, *(plugins.keywords.values() if plugins else ())))


class _Loader:
    """Loads the listed plugins one after another; each registers into ``found`` only if it is sound."""

    def __init__(self, config: Config, builtin: frozenset[str]) -> None:
        self.config = config
        self.builtin = builtin
        self.found = Plugins()

    def run(self) -> Plugins:
        installed = {point.name: point for point in metadata.entry_points(group=GROUP)}
        for name, settings in self.config.plugins.items():
            self.found.plugins.append(self._load(name, settings, installed.get(name)))
        for name, point in sorted(installed.items()):
            if name not in self.config.plugins:
                reason = f"not listed in {self.config.source}"
                self.found.plugins.append(_plugin(name, point, state="off", reason=reason))
        return self.found

    def _load(self, name: str, settings: Mapping[str, Any], point: metadata.EntryPoint | None) -> Plugin:
        own = Plugins()
        try:
            plugin = self._import(settings, point)
            hooks = self._register(own, name, plugin, settings)
            add_accounts(own, self.config, name)
            _add_types(own)
        except _Refusal as refusal:
            return _plugin(name, point, state="failed", reason=str(refusal))
        except ConfigError as error:
            self.found.errors.append(error)
            return _plugin(name, point, state="failed", reason=error.message)
        except PLUGIN_ERRORS as error:
            log.debug("plugin %s failed", name, exc_info=True)
            return _plugin(name, point, state="failed", reason=in_words(error))
        for part in ("adapters", "accounts", "off", "keywords", "stores", "validators", "transcribers"):
            getattr(self.found, part).update(getattr(own, part))
        self.found.commands += own.commands
        reason = "; ".join(f"account {account} is off: {why}" for (_, account), why in own.off.items())
        return _plugin(name, point, state="on", reason=reason, own=own, hooks=hooks)

    def _import(self, settings: Mapping[str, Any], point: metadata.EntryPoint | None) -> Any:
        module = settings.get("module")
        try:
            if module is not None:
                return _local_module(self.config, str(module))
            if point is None:
                raise _Refusal("not installed: no distribution has an entry point of this name")
            return point.load()
        except (SyntaxError, ImportError, AttributeError) as error:
            raise _Refusal(f"failed to import: {error}") from None

    def _register(self, own: Plugins, name: str, plugin: Any, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Register *plugin* with a manager of its own and call each of its hooks once."""
        version = getattr(plugin, "trunkline_api", API_VERSION)
        if not isinstance(version, int) or not 1 <= version <= API_VERSION:
            raise _Refusal(f"written for version {version} of the plugin interface; this is {API_VERSION}")
        manager = pluggy.PluginManager(GROUP)
        manager.add_hookspecs(hookspecs)
        try:
            manager.register(plugin, name)
            manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise _Refusal(_misspelt(str(error))) from None
        callers = {caller.name: caller for caller in manager.get_hookcallers(plugin) or ()}
        if not callers:
            raise _Refusal("has no hook implementations")
        self._check_settings(name, callers, settings)
        own_settings = {key: value for key, value in settings.items() if key != "module"}
        for hook, caller in callers.items():
            if hook == "register_commands":
                own.commands.append(_command_registrar(caller))
                continue
            for result in caller(settings=own_settings):
                _refuse_awaitable(hook, result)
                self._collect(own, hook, result)
        return tuple(sorted(callers))

    def _check_settings(self, name: str, callers: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        """A plugin whose hooks take no settings has none but ``module`` and ``accounts``."""
        takes = any("settings" in impl.argnames for each in callers.values() for impl in each.get_hookimpls())
        known = {"module"} | ({"accounts"} if "register_adapters" in callers else set())
        unknown = [key for key in settings if key not in known]
        if unknown and not takes:
            raise ConfigError(f"{self.config.source}: plugins.{name}.{unknown[0]}: unknown setting")

    def _collect(self, own: Plugins, hook: str, result: Any) -> None:
        if hook == "register_adapters":
            for adapter in result:
                _check_adapter(adapter, {**self.found.adapters, **own.adapters})
                own.adapters[adapter.name] = adapter
        elif hook == "register_keywords":
            for keyword in result:
                if not isinstance(keyword, Keyword):
                    raise _Refusal(f"register_keywords returned {keyword!r}, which is no Keyword")
                if keyword.phrase in self.builtin | self.found.keywords.keys() | own.keywords.keys():
                    raise _Refusal(f"the keyword {keyword.phrase} is defined already")
                own.keywords[keyword.phrase] = keyword
        else:
            kind = hook.removeprefix("register_")
            for key, value in result.items():
                if key in getattr(self.found, kind):
                    raise _Refusal(f"{kind[:-1]} {key} is defined already")
                getattr(own, kind)[key] = value


def _add_types(own: Plugins) -> None:
    """Make the plugin's HEAR types known before scripts are compiled."""
    for name, check in own.validators.items():
        try:
            add_type(name, check)
        except ValueError as error:
            raise _Refusal(str(error)) from None


def _command_registrar(caller: Any) -> Callable[[click.Group], None]:
    return lambda group: caller(group=group)


def _refuse_awaitable(hook: str, result: Any) -> None:
    if inspect.isawaitable(result):
        if inspect.iscoroutine(result):
            result.close()
        raise _Refusal(f"{hook} is async; hooks are synchronous")


def _local_module(config: Config, module: str) -> ModuleType:
    """``my_module`` beside the settings file (a file or a package), else anything importable."""
    if not all(part.isidentifier() for part in module.split(".")):
        raise _Refusal(f"module {module!r} is not the name of a module")
    folder = config.path.parent if config.path else Path.cwd()
    base = folder.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        spec = importlib.util.spec_from_file_location(module, path) if path.is_file() else None
        if spec is None or spec.loader is None:
            continue
        loaded = importlib.util.module_from_spec(spec)
        sys.modules[module] = loaded
        try:
            spec.loader.exec_module(loaded)
        except BaseException:
            del sys.modules[module]
            raise
        return loaded
    return importlib.import_module(module)


def _check_adapter(adapter: Any, others: Mapping[str, Any]) -> None:
    missing = [name for name in ("name", "capabilities", "settings") if not hasattr(adapter, name)]
    methods = ("routes", "verify", "parse", "render", "send")
    missing += [name for name in methods if not callable(getattr(adapter, name, None))]
    if missing:
        raise _Refusal(f"its adapter {type(adapter).__name__} lacks {', '.join(missing)}")
    if not isinstance(adapter.name, str) or not _NAME.fullmatch(adapter.name):
        raise _Refusal(f"the adapter name {adapter.name!r} is not a lower-case word")
    if adapter.name in others:
        raise _Refusal(f"the adapter name {adapter.name} is taken")
    for hook in ("parse", "render", "routes"):
        if inspect.iscoroutinefunction(getattr(adapter, hook)):
            raise _Refusal(f"{adapter.name}.{hook} is async; it must be pure")
    if not all(isinstance(route, Route) for route in adapter.routes()):
        raise _Refusal(f"{adapter.name}.routes returned something that is no Route")


def _plugin(
    name: str,
    point: metadata.EntryPoint | None,
    *,
    state: Literal["on", "off", "failed"],
    reason: str,
    own: Plugins | None = None,
    hooks: tuple[str, ...] = (),
) -> Plugin:
    distribution = point.dist if point else None
    return Plugin(
        name=name,
        version=distribution.version if distribution else "",
        distribution=distribution.name if distribution else "",
        state=state,
        reason=" ".join(reason.split()),
        adapters=tuple(own.adapters) if own else (),
        keywords=tuple(own.keywords) if own else (),
        hooks=hooks,
    )


def in_words(error: BaseException) -> str:
    """Why a plugin has failed."""
    if isinstance(error, SystemExit):
        return f"tried to end the program: {error}"
    return f"{type(error).__name__}: {error}"


def _misspelt(message: str) -> str:
    """pluggy's message with the hook that was probably meant."""
    found = re.search(r"unknown hook '([^']+)'", message)
    if not found:
        return message
    known = [name for name in dir(hookspecs) if name.startswith("register_")]
    near = difflib.get_close_matches(found[1], known, 1)
    return f"unknown hook {found[1]!r}" + (f"; did you mean {near[0]}?" if near else "")
