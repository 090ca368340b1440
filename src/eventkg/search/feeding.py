"""Answers on their way into the process that builds an index: a name, then blocks with their lengths."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LENGTH = struct.Struct("!I")


def send(pipe: IO[bytes], name: str, blocks: Iterable[bytes]) -> None:
    """One answer."""
    pipe.write(f"{name}\n".encode())
    for block in blocks:
        if block:
            pipe.write(_LENGTH.pack(len(block)))
            pipe.write(block)
    pipe.write(_LENGTH.pack(0))
    pipe.flush()


def received(pipe: IO[bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each answer, which is to be read before the next.

    Raises:
        EOFError: it breaks off.

    """
    while name := pipe.readline():
        yield name.decode().rstrip("\n"), _blocks(pipe)


def _blocks(pipe: IO[bytes]) -> Iterator[bytes]:
    while length := _LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0]:
        yield _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError("the answers break off")
    return found
