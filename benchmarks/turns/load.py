"""A closed loop over keep-alive HTTP connections: each sends its next request when the last one is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Result:
    """``latencies`` in seconds, of every answered request."""

    seconds: float
    latencies: list[float] = field(default_factory=list)

    @property
    def turns(self) -> int:
        return len(self.latencies)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Connection(asyncio.Protocol):
    def __init__(self, request: Callable[[], bytes], result: Result) -> None:
        self.request, self.result = request, result
        self.stopped = False
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._send()

    def _send(self) -> None:
        self.sent = time.perf_counter()
        self.transport.write(self.request())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 2"):
            self.done.set_exception(RuntimeError(self.buffer.decode(errors="replace")))
            return
        self.buffer = b""
        self.result.latencies.append(time.perf_counter() - self.sent)
        if self.stopped:
            self.transport.close()
            self.done.set_result(None)
        else:
            self._send()


async def closed_loop(port: int, requests: list[Callable[[], bytes]], seconds: float) -> Result:
    """Run one connection per entry of *requests* for so many seconds.

    :raises RuntimeError: an answer was not a 2xx; its text is the message.
    """
    loop = asyncio.get_running_loop()
    result = Result(seconds)
    connections = [
        (await loop.create_connection(lambda r=r: _Connection(r, result), "127.0.0.1", port))[1]  # type: ignore[misc]
        for r in requests
    ]
    stop = loop.create_task(asyncio.sleep(seconds))
    await asyncio.wait([stop, *(c.done for c in connections)], return_when=asyncio.FIRST_COMPLETED)
    for connection in connections:
        connection.stopped = True
    await asyncio.gather(*(c.done for c in connections))
    return result
