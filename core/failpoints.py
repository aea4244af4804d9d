"""Named points at which a test lets the process die, stop or fail. Free when nothing is armed.

``TRUNKLINE_FAIL="commit.before:kill@3,out.marked:raise"``: at the third hit of ``commit.before`` the process
kills itself; every hit of ``out.marked`` raises.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

from core.errors import ConfigError

VARIABLE = "TRUNKLINE_FAIL"
ACTIONS = ("kill", "raise", "exit")


class FailpointError(Exception):
    """Raised by an armed failpoint; stands for any unexpected exception."""


@dataclass(slots=True)
class _Armed:
    action: str
    only: int  # 0: every hit
    hits: int = 0


_armed: dict[str, _Armed] = {}


def arm(specification: str) -> None:
    """Replace what is armed; "" disarms all.

    :raises ConfigError: the specification is malformed.
    """
    points: dict[str, _Armed] = {}
    for item in filter(None, (part.strip() for part in specification.split(","))):
        name, _, rest = item.partition(":")
        action, _, count = rest.partition("@")
        if not name or action not in ACTIONS or (count and not count.isdecimal()):
            raise ConfigError(f"{VARIABLE}: {item!r} is not name:kill|raise|exit[@n]")
        points[name] = _Armed(action, int(count or 0))
    _armed.clear()
    _armed.update(points)


def failpoint(name: str) -> None:
    """Do what is armed for *name*."""
    if _armed:
        _hit(name)


def _hit(name: str) -> None:
    point = _armed.get(name)
    if point is None:
        return
    point.hits += 1
    if point.only and point.hits != point.only:
        return
    if point.action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif point.action == "exit":
        os._exit(70)
    else:
        raise FailpointError(name)


arm(os.environ.get(VARIABLE, ""))
