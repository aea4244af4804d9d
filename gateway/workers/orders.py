"""What a supervisor tells a worker at its start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gateway.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a worker is given.

    :param listener: the number of the inherited file of the listening socket.
    """

    config: Config
    strict: bool
    number: int
    listener: int

    @property
    def operator(self) -> Path:
        return self.config.data / f"worker-{self.number}.sock"
