"""Files between the engine's readers and writers and ours."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

from eventkg.store.markup import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterator


class Blocks(io.RawIOBase):
    """Blocks of bytes as a file to read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest, self._at = blocks, b"", 0

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; nothing at the end."""
        if size < 0:
            return b"".join([self._rest[self._at :], *self._blocks])
        if self._at >= len(self._rest):
            self._rest, self._at = next(self._blocks, b""), 0
        data = self._rest[self._at : self._at + size]
        self._at += len(data)
        return data


class Body(io.RawIOBase):
    """A file without the serializer's own declarations of prefixes, whose order changes from run to run."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._head, self._past_head = out, b"", False

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """All of it."""
        if self._past_head:
            return self._out.write(data)
        self._head += bytes(data)
        while not self._past_head and b"\n" in self._head:
            line, _, rest = self._head.partition(b"\n")
            self._past_head = not line.startswith(b"@prefix ")
            if self._past_head:
                self._out.write(self._head)
            self._head = rest
        return len(data)


class Markup(io.RawIOBase):
    """A file of XML: what it cannot hold is refused, carriage returns become references."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._rest = out, b""

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """All but what the next bytes may change the meaning of."""
        found = self._rest + bytes(data)
        self._rest = found[-2:]
        self._out.write(xml_text(found[:-2]))
        return len(data)

    def close(self) -> None:
        """Write the rest."""
        if not self.closed:
            self._out.write(xml_text(self._rest))
            self._rest = b""
        super().close()
