"""Typed frames over a stream socket: one byte of kind, four of length, the payload."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

HEAD, DATA, END, ERROR, JOB = b"H", b"D", b"E", b"X", b"J"  # to and from a worker
FORK, REAP, BRANCH, READY = b"F", b"R", b"B", b"Y"  # to and from a holder
CHUNK = 64 * 1024
_HEADER = struct.Struct("!cI")


def send(sock: socket.socket, kind: bytes, payload: bytes = b"") -> None:
    """Blocks while the other side does not read: that is the back-pressure."""
    sock.sendall(_HEADER.pack(kind, len(payload)) + payload)


def send_json(sock: socket.socket, kind: bytes, payload: dict[str, Any]) -> None:
    """A frame whose payload is a JSON object."""
    send(sock, kind, json.dumps(payload).encode())


def receive(sock: socket.socket) -> tuple[bytes, bytes]:
    """The next (kind, payload).

    Raises:
        EOFError: the other side is gone.

    """
    try:
        kind, length = _HEADER.unpack(_exactly(sock, _HEADER.size))
        return kind, _exactly(sock, length)
    except ConnectionError as problem:
        raise EOFError(str(problem)) from problem


def _exactly(sock: socket.socket, size: int) -> bytes:
    view = memoryview(bytearray(size))
    done = 0
    while done < size:
        got = sock.recv_into(view[done:])
        if not got:
            raise EOFError("the other side closed the connection")
        done += got
    return bytes(view)
