"""A process that has imported the gateway and forks servers on request: a kill and a start cost milliseconds.

One JSON object a line on standard input. ``{"argv": [...], "env": {...}, "log": path}`` forks a
``trunkline`` with those arguments and answers its process id; ``{"kill": pid}`` kills and reaps it,
``{"terminate": pid}`` asks it to end and reaps it, ``{"wait": pid}`` only reaps it. These answer how it ended: the
exit code, or minus the signal.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys

# Imported here once, so that a forked server has nothing left to import.
import adapters.web
import adapters.whatsapp
import gateway.cli
import gateway.serve
from core import failpoints

SIGNALS = {"kill": signal.SIGKILL, "terminate": signal.SIGTERM}
IMPORTED = (adapters.web, adapters.whatsapp, gateway.cli, gateway.serve)


def _serve(argv: list[str], env: dict[str, str], log: str) -> None:
    os.setsid()
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (file, 1), (file, 2)):
        os.dup2(source, target)
    os.environ.update(env)
    failpoints.arm(os.environ.get(failpoints.VARIABLE, ""))
    sys.argv = ["trunkline", *argv]
    try:
        gateway.cli.main()
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)
    os._exit(0)


def _reap(pid: int) -> int:
    status = os.waitpid(pid, 0)[1]
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        if "argv" in request:
            pid = os.fork()
            if not pid:
                _serve(request["argv"], request["env"], request["log"])
            print(pid, flush=True)
            continue
        ((verb, pid),) = request.items()
        if verb in SIGNALS:
            os.kill(pid, SIGNALS[verb])
        print(_reap(pid), flush=True)


if __name__ == "__main__":
    main()
