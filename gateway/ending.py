"""The end of a server's process."""

from __future__ import annotations

import os
import sys
import threading
from typing import NoReturn

EXIT_SECONDS = 3.0


def exit_with(code: int) -> NoReturn:
    """End the process, also if a plugin has left a thread running that keeps it."""
    timer = threading.Timer(EXIT_SECONDS, os._exit, (code,))
    timer.daemon = True
    timer.start()
    sys.exit(code)
