"""The sockets that a server listens on."""

from __future__ import annotations

import errno
import socket

from core.errors import ConfigError, TrunklineError

BACKLOG = 1024
UNREAD_SECONDS = 60.0


def bind(host: str, port: int, setting: str) -> socket.socket:
    """:raises TrunklineError: the port is in use or not allowed. :raises ConfigError: no such address."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise ConfigError(f"{setting}.host: {host!r} is not an address of this machine") from None
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _limit_unread(listener)
        listener.bind(address)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise _cannot_bind(error, host, port, setting) from None
    return listener


def _limit_unread(listener: socket.socket) -> None:
    """A client that does not read what it asked for is cut off; accepted sockets inherit the option.

    Source: tcp(7), TCP_USER_TIMEOUT: data that stays unacknowledged for so long ends the connection.
    """
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is not None:
        listener.setsockopt(socket.IPPROTO_TCP, option, int(UNREAD_SECONDS * 1000))


def _cannot_bind(error: OSError, host: str, port: int, setting: str) -> TrunklineError:
    if error.errno == errno.EADDRINUSE:
        hint = "stop the other program, or choose another port with --port"
        return TrunklineError(f"port {port} on {host} is in use", hint=hint)
    if error.errno == errno.EADDRNOTAVAIL:
        return ConfigError(f"{setting}.host: {host!r} is not an address of this machine")
    return TrunklineError(f"cannot listen on {host}:{port}: {error.strerror}")


def address_of(listener: socket.socket) -> str:
    """``http://host:port`` of a listening socket; a wildcard address is shown as the loopback one."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{host}:{port}"
