"""Typed frames over a stream socket: one byte of kind, four of length, the payload."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

HEAD, DATA, END, ERROR, JOB = b"H", b"D", b"E", b"X", b"J"  # to and from a worker
FORK, REAP, BRANCH, READY = b"F", b"R", b"B", b"Y"  # to and from a holder
CHUNK = 64 * 1024
_AT_ONCE = CHUNK  # a larger buffer is fresh memory for each answer, which takes longer than to read again
_HEADER = struct.Struct("!cI")


def frame(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    """As it goes over the wire."""
    return _HEADER.pack(kind, len(payload)) + payload


HEADER_SIZE = _HEADER.size


def header(text: bytes) -> tuple[bytes, int]:
    """The kind of a frame, and how many bytes follow."""
    kind, length = _HEADER.unpack(text)
    return kind, length


def send(sock: socket.socket, kind: bytes, payload: bytes = b"") -> None:
    """Blocks while the other side does not read: that is the back-pressure."""
    sock.sendall(frame(kind, payload))


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


class Inbox:
    """Frames from a socket: as they come, or all that have come without waiting."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._kept = bytearray()

    def receive(self) -> tuple[bytes, bytes]:
        """As the function of this name."""
        while not (size := self._size(0)):
            self._fetch(0)
        kind, payload = bytes(self._kept[:1]), bytes(memoryview(self._kept)[_HEADER.size : size])
        del self._kept[:size]
        return kind, payload

    def look(self) -> int:
        """Take in what is there now, without waiting; the number of bytes kept.

        Raises:
            EOFError: the other side is gone. BlockingIOError: nothing is there.

        """
        self._fetch(getattr(socket, "MSG_DONTWAIT", 0))
        return len(self._kept)

    def all(self) -> list[tuple[bytes, bytes]]:
        """The whole frames kept, which stay; nothing where the last one is not all here."""
        found, start = [], 0
        with memoryview(self._kept) as kept:
            while start + _HEADER.size <= len(kept):
                kind, length = _HEADER.unpack_from(kept, start)
                start += _HEADER.size + length
                found.append((kind, bytes(kept[start - length : start])))
            return found if start == len(kept) else []

    def clear(self) -> None:
        """Forget what is kept."""
        self._kept.clear()

    def kinds(self) -> bytes:
        """The kinds of the whole frames kept, in their order."""
        found, start = b"", 0
        while size := self._size(start):
            found += self._kept[start : start + 1]
            start += size
        return found

    def _size(self, start: int) -> int:
        """Bytes of the frame that starts there, 0 if it is not all here."""
        if len(self._kept) - start < _HEADER.size:
            return 0
        size: int = _HEADER.size + _HEADER.unpack_from(self._kept, start)[1]
        return size if len(self._kept) - start >= size else 0

    def _fetch(self, flags: int) -> None:
        try:
            got = self._sock.recv(_AT_ONCE, flags)
        except ConnectionError as problem:
            raise EOFError(str(problem)) from problem
        if not got:
            raise EOFError("the other side closed the connection")
        self._kept += got


def _exactly(sock: socket.socket, size: int) -> bytes:
    view = memoryview(bytearray(size))
    done = 0
    while done < size:
        got = sock.recv_into(view[done:])
        if not got:
            raise EOFError("the other side closed the connection")
        done += got
    return bytes(view)
