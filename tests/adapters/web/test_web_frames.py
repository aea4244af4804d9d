"""Frame headers of a WebSocket: masked, and not endlessly fragmented, however the bytes arrive."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from adapters.web.frames import MAX_FRAGMENTS, TOO_MANY, UNMASKED, FrameWatch

TEXT, CONTINUATION, PING = 0x1, 0x0, 0x9


def frame(kind: int, size: int = 0, *, last: bool = True, masked: bool = True) -> bytes:
    first, mask = (0x80 if last else 0) | kind, 0x80 if masked else 0
    if size < 126:
        header = bytes([first, mask | size])
    elif size < 65_536:
        header = bytes([first, mask | 126]) + struct.pack(">H", size)
    else:
        header = bytes([first, mask | 127]) + struct.pack(">Q", size)
    return header + (bytes(4) if masked else b"") + b"\xff" * size


def fed(data: bytes, sizes: Iterable[int] = ()) -> int:
    watch = FrameWatch()
    for size in sizes:
        if code := watch.feed(data[:size]):
            return code
        data = data[size:]
    return watch.feed(data)


def test_frames_of_every_length_pass() -> None:
    assert fed(frame(TEXT, 5) + frame(PING) + frame(TEXT, 126) + frame(TEXT, 70_000) + frame(TEXT)) == 0


def test_an_unmasked_frame_is_a_protocol_error() -> None:
    assert fed(frame(TEXT, 70_000) + frame(TEXT, 2, masked=False)) == UNMASKED


def test_a_message_may_have_a_hundred_fragments_and_no_more() -> None:
    first, middle, last = frame(TEXT, last=False), frame(CONTINUATION, last=False), frame(CONTINUATION)
    allowed = first + middle * (MAX_FRAGMENTS - 2) + last
    assert fed(allowed * 2) == 0
    assert fed(first + (middle + frame(PING)) * (MAX_FRAGMENTS - 2) + last) == 0  # pings between do not count
    assert fed(first + middle * (MAX_FRAGMENTS - 1) + last) == TOO_MANY


@given(
    st.lists(st.tuples(st.sampled_from((0, 1, 125, 126, 300, 65_536)), st.booleans()), max_size=6),
    st.lists(st.integers(1, 200), max_size=40),
)
def test_the_verdict_does_not_depend_on_how_the_bytes_arrive(
    frames: list[tuple[int, bool]], sizes: list[int]
) -> None:
    data = b"".join(frame(TEXT, size, masked=masked) for size, masked in frames)
    assert fed(data, sizes) == (0 if all(masked for _, masked in frames) else UNMASKED)
