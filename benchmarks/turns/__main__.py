"""Durable HTTP turns on SQLite against a bare aiohttp echo: interleaved rounds, CPU from /proc.

    python -m benchmarks.turns [--rounds 5] [--seconds 4] [--connections 64]

A turn: authenticate, deduplicate, run BASIC, write inbox, state and log with ``synchronous=FULL``, answer. The
servers run on the first processor, the load on the second.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.turns.load import Result, closed_loop

HERE = Path(__file__).parent
TICKS = os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _resident_mib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def _server(*command: str):  # type: ignore[no-untyped-def]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {0}),  # noqa: PLW1509 - no threads here
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def _request(token: str, numbers: itertools.count[int]) -> Callable[[], bytes]:
    def build() -> bytes:
        number = next(numbers)
        body = json.dumps({"text": f"{number % 4} apples", "client_id": f"c{number}"}).encode()
        return (
            b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s" % (token.encode(), len(body), body)
        )

    return build


def _open_session(port: int) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/session", method="POST")
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["token"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.turns")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    os.sched_setaffinity(0, {1} if os.cpu_count() != 1 else {0})
    numbers = itertools.count()
    with tempfile.TemporaryDirectory() as data:
        echo_port, our_port = _free_port(), _free_port()
        trunkline = str(Path(sys.executable).parent / "trunkline")
        ours = (trunkline, "serve", "--bots", str(HERE / "bots"), "--data", data, "--port", str(our_port))
        with (
            _server(sys.executable, str(HERE / "echo.py"), str(echo_port)) as echo,
            _server(*ours) as gateway,
        ):
            _wait_for(echo_port)
            _wait_for(our_port)
            tokens = [_open_session(our_port) for _ in range(options.connections)]
            anchors = [_request("x" * 64, numbers) for _ in tokens]
            turns = [_request(token, numbers) for token in tokens]
            rows = []
            for port, load in ((echo_port, anchors), (our_port, turns)):
                asyncio.run(closed_loop(port, load, 1.0))  # warm up
            for _ in range(options.rounds):
                row = {}
                for name, process, port, load in (
                    ("echo", echo, echo_port, anchors),
                    ("turn", gateway, our_port, turns),
                ):
                    before = _cpu_seconds(process.pid)
                    result: Result = asyncio.run(closed_loop(port, load, options.seconds))
                    spent = _cpu_seconds(process.pid) - before
                    row[name] = (spent / result.turns * 1e6, result.turns / options.seconds, result)
                rows.append(row)
            memory = _resident_mib(gateway.pid)
    _report(rows, memory)


def _report(rows: list[dict[str, tuple[float, float, Result]]], memory: float) -> None:
    print(f"{'':8}{'CPU µs/turn':>14}{'turns/s':>12}{'p50 ms':>10}{'p99 ms':>10}")
    for name in ("echo", "turn"):
        cpu, rate = (median(row[name][i] for row in rows) for i in (0, 1))
        fifty, ninety_nine = (median(row[name][2].percentile(p) for row in rows) * 1e3 for p in (0.5, 0.99))
        print(f"{name:8}{cpu:14.0f}{rate:12.0f}{fifty:10.1f}{ninety_nine:10.1f}")
    for what, index in (("CPU per turn", 0), ("turns/s", 1)):
        ratios = sorted(row["turn"][index] / row["echo"][index] for row in rows)
        print(f"{what}, durable turn / echo: {median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})")
    print(f"resident memory of the gateway afterwards: {memory:.0f} MiB")


if __name__ == "__main__":
    main()
