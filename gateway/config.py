"""Settings, read once: the only module that looks at ``plugins.yaml`` and the environment.

Precedence, highest first: command line, ``TRUNKLINE_…`` variables, a bot's config.csv (for the keys that it
has), ``plugins.yaml``, the default. A setting ``a.b`` is the variable ``TRUNKLINE_A__B``, and
``TRUNKLINE_A__B_FILE`` names a file to read it from. ``${VAR}`` (or ``VAR_FILE``) is replaced in the strings
of the file. Paths in the file are relative to it, those of variables and options to the working directory.
"""

from __future__ import annotations

import ipaddress
import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from core.errors import ConfigError
from gateway.yaml_file import read_yaml

Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
Host = Annotated[str, msgspec.Meta(min_length=1)]  # an empty one would be every address of the machine
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_PREFIX = "TRUNKLINE_"
_BOT_PREFIX = "TRUNKLINE_BOT_"
_OTHER_VARIABLES = frozenset({"TRUNKLINE_SECRET_KEY", "TRUNKLINE_CONFIG", "TRUNKLINE_FAIL", "TRUNKLINE_LOG"})
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SECRET_NAME = re.compile(r"(^|_|-)(token|secret|password|passwd|pass|key|apikey)$")
_PLACEHOLDER = re.compile(
    r"(change|replace|fill|insert)[\s_-]*(me|this|in|it)|place[\s_-]*holder|todo|fixme"
    r"|your[\s_-].*|x{3,}|\*+|\.{3}|…|<.*>",
    re.IGNORECASE | re.DOTALL,
)
_HOST_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Server(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where it listens, and limits of the whole server (None: the largest value of any bot)."""

    host: Host = "127.0.0.1"
    port: Port = 8080
    session_max_concurrent: Annotated[int, msgspec.Meta(ge=1)] | None = None
    session_create_rate_limit: Annotated[int, msgspec.Meta(ge=0)] | None = None


class Operator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Metrics over TCP; port 0: only the local socket."""

    host: Host = "127.0.0.1"
    port: Port = 0


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    store: str = ""
    cache: str = ""
    data: str = "data"
    bots: str = "bots"
    public_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    migrate: Literal["auto", "manual"] = "auto"
    server: Server = Server()
    operator: Operator = Operator()
    plugins: dict[str, Any] = msgspec.field(default_factory=lambda: {"web": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that was decided before start. Secrets stay out of ``repr``.

    :param path: the file that was read, or None.
    :param store: ``sqlite:///<absolute path>`` or another scheme's URL.
    :param plugins: settings by plugin name, variables replaced, accounts that are off left out.
    :param off: reason by (plugin, account) for accounts that name an unset variable.
    :param bot_variables: ``TRUNKLINE_BOT_<BOT>__…``: by bot (upper case, ``_``), then by config.csv key.
    :param warnings: to be logged once at start.
    """

    path: Path | None
    store: str = field(repr=False)
    cache: str = field(repr=False)
    data: Path
    bots: Path
    public_url: str
    trusted_proxies: tuple[Network, ...]
    migrate: Literal["auto", "manual"]
    server: Server
    operator: Operator
    plugins: Mapping[str, Mapping[str, Any]] = field(repr=False)
    off: Mapping[tuple[str, str], str]
    bot_variables: Mapping[str, Mapping[str, str]] = field(repr=False)
    secret_key: str = field(repr=False)
    dev: bool
    warnings: tuple[str, ...]

    def overrides_of(self, bot: str) -> Mapping[str, str]:
        """config.csv keys of *bot* that the environment sets."""
        return self.bot_variables.get(_in_variables(bot), {})

    def lost_variables(self, bots: Iterable[str]) -> list[str]:
        """What to tell of variables for bots that are not there."""
        lost = self.bot_variables.keys() - {_in_variables(bot) for bot in bots}
        return [f"{_BOT_PREFIX}{name}__…: there is no such bot; it is ignored" for name in sorted(lost)]

    @property
    def source(self) -> str:
        """How error messages call the file."""
        return str(self.path) if self.path else "plugins.yaml"


def load(
    path: str | Path | None = None,
    *,
    options: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    dev: bool = False,
) -> Config:
    """Read the settings.

    :param path: of the file; None: ``plugins.yaml`` in the working directory, if there is one.
    :param options: from the command line, by dotted setting: ``{"server.port": 0}``.
    :raises ConfigError: naming the file or variable, the setting and what is wrong with it.
    """
    environ = os.environ if environ is None else environ
    return _Loading(path, options or {}, environ, dev).run()


@dataclass(frozen=True, slots=True)
class _Unset:
    """Stands in the tree for a string that names an unset variable."""

    variable: str


class _Loading:
    """One reading of the settings: the steps share the tree, where each value came from, and the warnings."""

    def __init__(
        self, path: str | Path | None, options: Mapping[str, Any], environ: Mapping[str, str], dev: bool
    ) -> None:
        self.path = _find(path, environ)
        self.options = options
        self.environ = environ
        self.dev = dev
        self.warnings: list[str] = []
        self.origin: dict[str, str] = {}  # dotted setting -> variable or option that set it
        self.tree: dict[str, Any] = {}

    def run(self) -> Config:
        self.tree = read_yaml(self.path) if self.path else {}
        self._accept_hyphens()
        self._check_plugins()
        self.tree = self._expand(self.tree, "")
        self._apply_environment()
        for setting, value in self.options.items():
            if value is not None:
                self._put(setting.split("."), value, f"--{setting.split('.')[-1]}")
        off = self._take_accounts_that_are_off()
        self._check_secrets(self.tree.get("plugins") or {}, "plugins")
        return self._config(self._decode(), off)

    # --- reading ---

    def _accept_hyphens(self) -> None:
        """``session-max-concurrent`` is spelt so in config.csv; accept it under ``server`` too."""
        section = self.tree.get("server")
        if isinstance(section, dict):
            self.tree["server"] = {str(name).replace("-", "_"): value for name, value in section.items()}

    def _check_plugins(self) -> None:
        if "plugins" in self.tree and self.tree["plugins"] is None:
            self.tree["plugins"] = {}
        self._require_mapping(self.tree.get("plugins"), "plugins")
        for name, settings in self.tree.get("plugins", {}).items():
            self._require_mapping(settings, f"plugins.{name}")
            if settings and "accounts" in settings:
                self._require_mapping(settings["accounts"], f"plugins.{name}.accounts")
                for account, values in (settings["accounts"] or {}).items():
                    self._require_mapping(values, f"plugins.{name}.accounts.{account}")

    def _require_mapping(self, value: Any, setting: str) -> None:
        if value is not None and not isinstance(value, dict):
            raise self._wrong(setting, "must be a mapping of settings")

    def _expand(self, value: Any, setting: str) -> Any:
        if isinstance(value, dict):
            return {
                key: self._expand(item, f"{setting}.{key}" if setting else key) for key, item in value.items()
            }
        if isinstance(value, list):
            return [self._expand(item, f"{setting}[{index}]") for index, item in enumerate(value)]
        if not isinstance(value, str) or "${" not in value:
            return value
        for name in _VARIABLE.findall(value):
            text = self._variable(name)
            if text is None:
                return _Unset(name)
            if setting.startswith("plugins.") and (not text.strip() or _PLACEHOLDER.fullmatch(text.strip())):
                what = "is empty" if not text.strip() else "is a placeholder"
                raise self._wrong(setting, f"the variable {name} is set, but {what}")
            value = value.replace(f"${{{name}}}", text)
        return value

    def _variable(self, name: str) -> str | None:
        """A variable, or the file that ``<name>_FILE`` names."""
        text = self.environ.get(name)
        if text is not None or f"{name}_FILE" not in self.environ:
            return text
        return self._read_secret_file(f"{name}_FILE", self.environ[f"{name}_FILE"])

    def _read_secret_file(self, variable: str, path: str) -> str:
        try:
            file = Path(path)
            if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                self.warnings.append(f"{variable}: {path} can be read by others; chmod 600 it")
            return file.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{variable}: cannot read {path}: {_why(error)}") from None

    def _apply_environment(self) -> None:
        for name in sorted(self.environ):
            if not name.startswith(_PREFIX) or name.startswith(_BOT_PREFIX):
                continue
            variable = name.removesuffix("_FILE") if name.endswith("_FILE") else name
            if variable in _OTHER_VARIABLES or (variable != name and variable in self.environ):
                continue
            words = [word.lower() for word in variable.removeprefix(_PREFIX).split("__")]
            if words[0] not in _File.__struct_fields__:
                self.warnings.append(f"{name} is not a setting of Trunkline; it is ignored")
                continue
            self._put(words, self._variable(variable), variable)

    def _put(self, words: list[str], value: Any, origin: str) -> None:
        """Set ``tree[words…]``, meeting existing keys whatever their case and hyphens."""
        node = self.tree
        spelt: list[str] = []
        for depth, word in enumerate(words):
            key = next((key for key in node if str(key).lower().replace("-", "_") == word), word)
            spelt.append(key)
            if depth == len(words) - 1:
                node[key] = _listed(value) if spelt == ["trusted_proxies"] else value
            else:
                if not isinstance(node.get(key), dict):
                    node[key] = {}
                node = node[key]
        self.origin[".".join(spelt)] = origin

    def _take_accounts_that_are_off(self) -> dict[tuple[str, str], str]:
        off: dict[tuple[str, str], str] = {}
        for plugin, settings in (self.tree.get("plugins") or {}).items():
            accounts = (settings or {}).get("accounts") or {}
            for account in list(accounts):
                if unset := _first_unset(accounts[account]):
                    off[plugin, account] = f"{unset[1]} is not set"
                    del accounts[account]
        if unset := _first_unset(self.tree):
            setting, variable = unset
            raise self._wrong(setting, f"names the variable {variable}, which is not set")
        return off

    # --- checking ---

    def _check_secrets(self, node: Any, setting: str) -> None:
        for key, value in node.items() if isinstance(node, dict) else ():
            here = f"{setting}.{key}"
            if isinstance(value, dict):
                self._check_secrets(value, here)
            elif isinstance(value, str) and _SECRET_NAME.search(str(key).lower()):
                if not value.strip():
                    raise self._wrong(here, "the secret is empty")
                if _PLACEHOLDER.fullmatch(value.strip()):
                    raise self._wrong(here, "the secret is a placeholder")

    def _decode(self) -> _File:
        try:
            return msgspec.convert(self.tree, _File, strict=False)
        except msgspec.ValidationError as error:
            setting, what = _explain(str(error))
            raise self._wrong(setting, what) from None

    def _config(self, file: _File, off: dict[tuple[str, str], str]) -> Config:
        data = self._path(file.data, "data")
        return Config(
            path=self.path,
            store=self._store(file.store, data),
            cache=file.cache,
            data=data,
            bots=self._path(file.bots, "bots"),
            public_url=self._public_url(file.public_url),
            trusted_proxies=self._networks(file.trusted_proxies),
            migrate=file.migrate,
            server=file.server,
            operator=file.operator,
            plugins={name: settings or {} for name, settings in file.plugins.items()},
            off=off,
            bot_variables=self._bot_variables(),
            secret_key=self._secret_key(),
            dev=self.dev,
            warnings=tuple(self.warnings),
        )

    def _path(self, text: str, setting: str) -> Path:
        if not text or "\0" in text:
            raise self._wrong(setting, "must be a path")
        base = Path.cwd() if setting in self.origin or self.path is None else self.path.parent
        return (base / Path(text).expanduser()).resolve()

    def _store(self, url: str, data: Path) -> str:
        if not url:
            return f"sqlite:///{data / 'trunkline.db'}"
        scheme, separator, rest = url.partition("://")
        if not separator or not scheme:
            raise self._wrong(
                "store", "must be a URL such as sqlite:///path", hint="leave it empty for SQLite"
            )
        if scheme != "sqlite":
            return url
        if not rest.startswith("/") or rest == "/":
            raise self._wrong("store", "must be sqlite:///path, with three slashes")
        return f"sqlite:///{self._path(rest[1:], 'store')}"

    def _public_url(self, url: str) -> str:
        if not url:
            return ""
        parts = _split(url)
        if (
            parts is None
            or parts.scheme not in {"http", "https"}
            or not parts.hostname
            or "@" in parts.netloc
        ):
            raise self._wrong("public_url", "must be https://host, as people and providers reach this server")
        if parts.query or parts.fragment:
            raise self._wrong("public_url", "must not have a query or a fragment")
        if parts.scheme == "http" and not self.dev and parts.hostname not in _HOST_LOOPBACK:
            raise self._wrong("public_url", "must be https:// (plain http only with --dev)")
        return url.rstrip("/")

    def _networks(self, texts: tuple[str, ...]) -> tuple[Network, ...]:
        try:
            return tuple(ipaddress.ip_network(text.strip()) for text in texts)
        except ValueError as error:
            raise self._wrong(
                "trusted_proxies", f"{error}", hint="addresses or networks: 10.0.0.0/8"
            ) from None

    def _bot_variables(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for name in self.environ:
            variable = name.removesuffix("_FILE")
            bot, separator, key = variable.removeprefix(_BOT_PREFIX).partition("__")
            if variable.startswith(_BOT_PREFIX) and separator and bot and key:
                value = self._variable(variable)
                found.setdefault(bot.upper(), {})[key.lower().replace("_", "-")] = value or ""
        return found

    def _secret_key(self) -> str:
        text = self._variable("TRUNKLINE_SECRET_KEY")
        if text is not None and (not text.strip() or _PLACEHOLDER.fullmatch(text.strip())):
            raise ConfigError(
                "TRUNKLINE_SECRET_KEY is empty or a placeholder", hint="openssl rand -base64 32"
            )
        return text or ""

    # --- words ---

    def _file(self) -> str:
        return str(self.path) if self.path else "settings"

    def _wrong(self, setting: str, what: str, *, hint: str = "") -> ConfigError:
        origin = self.origin.get(setting)
        where = f"{origin} ({setting})" if origin else f"{self._file()}: {setting}"
        return ConfigError(f"{where}: {what}", hint=hint)


def account_error(config: Config, plugin: str, account: str, error: msgspec.ValidationError) -> ConfigError:
    """What msgspec says of an account's settings, naming file and path."""
    setting, what = _explain(str(error))
    path = f"plugins.{plugin}" + (f".accounts.{account}" if account else "")
    return ConfigError(f"{config.source}: {path}{'.' + setting if setting else ''}: {what}")


def _find(path: str | Path | None, environ: Mapping[str, str]) -> Path | None:
    named = path or environ.get("TRUNKLINE_CONFIG")
    if named:
        return Path(named).absolute()
    default = Path("plugins.yaml")
    return default.absolute() if default.is_file() else None


def _explain(message: str) -> tuple[str, str]:
    """msgspec's message as (dotted setting, what is wrong)."""
    text, _, at = message.partition(" - at `$")
    setting = at.rstrip("`").lstrip(".")
    if found := re.search(r"unknown field `([^`]*)`", text):
        return (f"{setting}.{found[1]}".lstrip("."), "unknown setting")
    if found := re.search(r"missing required field `([^`]*)`", text):
        return (f"{setting}.{found[1]}".lstrip("."), "is required")
    if setting == "migrate":
        return setting, "must be auto or manual"
    if "`str` of length >= 1" in text:
        return setting, "must not be empty"
    return setting, text[:1].lower() + text[1:]


def _first_unset(value: Any, setting: str = "") -> tuple[str, str] | None:
    """The first setting below *value* that names an unset variable, and the variable."""
    if isinstance(value, _Unset):
        return setting, value.variable
    children: Iterable[tuple[str, Any]] = ()
    if isinstance(value, dict):
        children = ((f"{setting}.{key}".lstrip("."), child) for key, child in value.items())
    elif isinstance(value, list):
        children = ((f"{setting}[{index}]", child) for index, child in enumerate(value))
    return next((found for place, child in children if (found := _first_unset(child, place))), None)


def _in_variables(bot: str) -> str:
    """A bot's name as it stands in names of variables."""
    return re.sub(r"[^A-Za-z0-9]", "_", bot).upper()


def _listed(value: Any) -> Any:
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


def _split(url: str) -> Any:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises on a bad one
        return parts
    except ValueError:
        return None


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "not UTF-8"
