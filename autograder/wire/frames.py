"""Frames: one JSON document and one blob of tensors, with their lengths in front.

    magic (4 bytes) | length of the JSON (u32) | length of the blob (u64) | JSON | blob

A frame is read into one buffer and never copied again. The reader checks both lengths against its limits before it
allocates, and parses nothing but JSON and safetensors: no code can travel in a frame.
"""

import json
import math
import select
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

from .errors import WireError

MAGIC = b"agW1"
HEAD = struct.Struct("!4sIQ")
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True)
class Limits:
    """What a reader accepts. Sizes in bytes; `depth` and `nodes` are of the JSON document."""

    json_bytes: int = 16 << 20
    blob_bytes: int = 256 << 20
    depth: int = 64
    nodes: int = 400_000

    @classmethod
    def of(cls, message_bytes: int, message_depth: int) -> "Limits":
        """For values of at most `message_bytes`, `message_depth` containers deep: a dict in a dict is three levels of JSON."""
        return cls(json_bytes=min(cls.json_bytes, message_bytes), blob_bytes=message_bytes, depth=3 * (message_depth + 1) + 1)


def send_frame(sock: socket.socket, document: Any, blob: bytes | memoryview = b"", deadline: float | None = None) -> None:
    """Sends one frame. `deadline` is on `time.monotonic()`; raises Closed or Late."""
    text = _encode(document).encode()
    if len(text) >= 1 << 32:
        raise WireError.too_big("a message", len(text), 1 << 32)
    head = HEAD.pack(MAGIC, len(text), len(blob)) + text
    try:
        sock.settimeout(_remaining(deadline))
        sent = sock.sendmsg((head, blob))  # in one piece: the other side is woken once
        for part in (memoryview(head), memoryview(blob)):
            if sent < len(part):
                sock.settimeout(_remaining(deadline))
                sock.sendall(part[sent:])
            sent = max(0, sent - len(part))
    except TimeoutError:
        raise WireError.late(0) from None
    except (BrokenPipeError, ConnectionError, OSError):
        raise WireError.closed() from None


def receive_frame(sock: socket.socket, limits: Limits = Limits(), deadline: float | None = None) -> tuple[Any, memoryview]:
    """Receives one frame: the decoded JSON document and the blob. Raises Closed, Late or Malformed."""
    head = _receive_exactly(sock, HEAD.size, deadline)
    magic, json_length, blob_length = HEAD.unpack(head)
    if magic != MAGIC:
        raise WireError.malformed("wrong first bytes")
    if json_length > limits.json_bytes:
        raise WireError.too_big("a message", json_length, limits.json_bytes)
    if blob_length > limits.blob_bytes:
        raise WireError.too_big("tensor data", blob_length, limits.blob_bytes)
    body = _receive_exactly(sock, json_length + blob_length, deadline)
    text = bytes(body[:json_length])
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError.malformed(f"JSON does not parse ({type(error).__name__})") from None
    # No document is deeper than it has brackets, or has more values than brackets, commas and one.
    brackets = text.count(b"[") + text.count(b"{")
    if brackets > limits.depth - 1 or brackets + text.count(b",") >= limits.nodes:
        _check_shape(document, limits)
    return document, body[json_length:]


def _check_shape(document: Any, limits: Limits) -> None:
    """Depth and number of nodes, without recursion."""
    stack, nodes = [(document, 1)], 0
    while stack:
        value, depth = stack.pop()
        nodes += 1
        if depth > limits.depth:
            raise WireError.too_big("nesting", depth, limits.depth)
        if nodes > limits.nodes:
            raise WireError.too_big("a number of values", nodes, limits.nodes)
        if isinstance(value, dict):
            stack.extend((item, depth + 1) for item in value.values())
        elif isinstance(value, list):
            stack.extend((item, depth + 1) for item in value)


def _remaining(deadline: float | None) -> float | None:
    if deadline is None or math.isinf(deadline):
        return None
    return max(deadline - time.monotonic(), 1e-4)


def _receive_exactly(sock: socket.socket, size: int, deadline: float | None) -> memoryview:
    buffer = memoryview(bytearray(size))
    got = 0
    while got < size:
        remaining = _remaining(deadline)
        if remaining is not None and remaining <= 1e-4:
            raise WireError.late(0)
        sock.settimeout(remaining)
        try:
            count = sock.recv_into(buffer[got:])
        except TimeoutError:
            raise WireError.late(0) from None
        except (ConnectionError, OSError):
            raise WireError.closed() from None
        if count == 0:
            raise WireError.closed()
        got += count
    return buffer


def wait_readable(socks: list[socket.socket], seconds: float) -> list[socket.socket]:
    """Those of `socks` that have something to read (or are closed), after at most `seconds`."""
    poller = select.poll()
    by_number = {sock.fileno(): sock for sock in socks}
    for number in by_number:
        poller.register(number, select.POLLIN | select.POLLHUP)
    return [by_number[number] for number, _ in poller.poll(max(0, seconds) * 1000)]
