"""A checkpoint's transcript: what was done to an empty store to make it, as text.

    checkpoints/00000007/transcript/index.json    its segments in order, each with its length and CRC-32
    checkpoints/00000007/transcript/00000001      steps: a line (`add 123`), then so many bytes

The steps are `add` and `remove` with N-Quads, and `clear` with the IRIs of graphs, one a line. A snapshot in
memory is made of them without looking up a term, which is most of what reading the engine's files costs. A
transcript is never the truth: it is used if it is whole and comes to as many statements as the checkpoint
has, and a checkpoint without one is read by the engine. A segment never changes once its index names it, so
checkpoints share them by hard link, and the last to go takes them along.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import zlib
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING

from eventkg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FOLDER, PARTIAL = "transcript", ".transcript"
ADD, REMOVE, CLEAR, END = b"add", b"remove", b"clear", b"end"
STEP = 1 << 20  # bytes of a step, about
SMALL = 16 << 20  # bytes of a checkpoint, or of a transcript, below which the engine is fast enough
_ROOM = 1 << 30  # bytes that stay free on the disk
_INDEX, _VERSION, _BLOCK = "index.json", 1, 1 << 20
_BLANK = re.compile(rb"(?m)(?:^| )_:")  # where a term begins; within a literal it merely costs the transcript


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of steps."""

    name: str
    size: int
    crc: int


def read_index(checkpoint: Path) -> tuple[Segment, ...] | None:
    """The segments of a checkpoint's transcript; None if it has none, or not all of it."""
    folder = checkpoint / FOLDER
    try:
        found = json.loads((folder / _INDEX).read_bytes())
        if found["version"] != _VERSION:
            return None
        segments = tuple(Segment(**one) for one in found["segments"])
        whole = all((folder / one.name).stat().st_size == one.size for one in segments)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return segments if whole else None


def write_index(folder: Path, segments: Iterable[Segment]) -> None:
    """To be written last: without it there is no transcript."""
    said = {"version": _VERSION, "segments": [asdict(one) for one in segments]}
    (folder / _INDEX).write_text(json.dumps(said) + "\n", encoding="ascii")


def is_small(checkpoint: Path) -> bool:
    """Whether the engine reads it in no time."""
    return tables_size(checkpoint) < SMALL


def is_worth(size: int) -> bool:
    """Whether so many bytes of steps are more than a moment's work for the engine."""
    return size >= SMALL


def tables_size(checkpoint: Path) -> int:
    """Bytes of the engine's files."""
    return sum(path.stat().st_size for path in checkpoint.iterdir() if path.is_file())


def tell(checkpoint: Path, segments: Iterable[Segment], out: IO[bytes]) -> None:
    """Write the steps.

    Raises:
        DataError: a segment is not as the index says, which shows only when it has been written.

    """
    for segment in segments:
        found = 0
        with (checkpoint / FOLDER / segment.name).open("rb", buffering=0) as stream:
            while block := stream.read(_BLOCK):
                found = zlib.crc32(block, found)
                out.write(block)
        if found != segment.crc:
            raise DataError(f"{checkpoint / FOLDER / segment.name}: not as {_INDEX} says")


def header(kind: bytes, number: int) -> bytes:
    """The line before a step's bytes; after `end` the number of statements that it comes to."""
    return b"%s %d\n" % (kind, number)


class Log:
    """Steps written down as they happen: in memory while they are few, then to a file.

    It is `lost` where a step cannot be written down so that it could be done again: for want of room, or
    because of a blank node, whose name means nothing in another store.
    """

    def __init__(self, file: Path) -> None:
        """Nothing yet; no file either."""
        self.file = file
        self.size = self.crc = 0
        self.lost = False
        self._kind, self._pending, self._length = b"", list[bytes](), 0
        self._held = bytearray()

    def note(self, kind: bytes, lines: bytes) -> None:
        """One more step, or more of the last one; whole lines."""
        if self.lost or not lines:
            return
        if kind != self._kind or self._length >= STEP:
            self._settle()
        self._kind = kind
        self._pending.append(lines)
        self._length += len(lines)

    def lose(self) -> None:
        """Something happened that is not written down."""
        self.lost = True
        self._pending, self._held = [], bytearray()
        with contextlib.suppress(OSError):
            self.file.unlink(missing_ok=True)

    def append_to(self, segment: Path, crc: int = 0) -> Segment:
        """All of it as a segment, or behind what that holds already (its CRC-32 is `crc`).

        Raises:
            OSError: no room. DataError: it is lost.

        """
        self._settle()
        if self.lost:
            raise DataError("something happened that was not written down")
        before = segment.stat().st_size if segment.exists() else 0
        if self.file.exists() and not before:
            self._spill()
            self.file.rename(segment)
            return Segment(segment.name, self.size, self.crc)
        with segment.open("ab") as out:
            if self.file.exists():
                with self.file.open("rb") as spilt:
                    shutil.copyfileobj(spilt, out, _BLOCK)
            out.write(self._held)
        return _measured(segment, before, crc)

    def _settle(self) -> None:
        """What is pending becomes a step."""
        if not self._pending:
            return
        payload = b"".join(self._pending)
        self._pending, self._length = [], 0
        if self._kind != CLEAR and b"_:" in payload and _BLANK.search(payload):
            self.lose()
            return
        for part in (header(self._kind, len(payload)), payload):
            self.crc = zlib.crc32(part, self.crc)
            self.size += len(part)
            self._held += part
        if len(self._held) >= STEP:
            self._spill()

    def _spill(self) -> None:
        try:
            if shutil.disk_usage(self.file.parent).free < _ROOM + len(self._held):
                self.lose()
                return
            with self.file.open("ab") as out:
                out.write(self._held)
        except OSError:
            self.lose()
        self._held = bytearray()


def _measured(segment: Path, before: int, crc: int) -> Segment:
    """A segment that grew; `crc` is that of the bytes it had before."""
    with segment.open("rb") as stream:
        stream.seek(before)
        while block := stream.read(_BLOCK):
            crc = zlib.crc32(block, crc)
    return Segment(segment.name, segment.stat().st_size, crc)


class Lines:
    """Blocks of bytes passed on as whole lines, many at a time; a file to write to."""

    def __init__(self, pass_on: Callable[[bytes], None]) -> None:
        """`close` passes on the last of them."""
        self._pass_on = pass_on
        self._blocks, self._size = list[bytes](), 0

    def write(self, block: bytes) -> int:
        """As io has it."""
        self._blocks.append(bytes(block))
        self._size += len(block)
        if self._size >= STEP:
            whole, end, rest = b"".join(self._blocks).rpartition(b"\n")
            if end:
                self._pass_on(whole + end)
            self._blocks, self._size = [rest], len(rest)
        return len(block)

    def flush(self) -> None:
        """As io has it; lines wait for others all the same."""

    def close(self) -> None:
        """The last line may lack its end."""
        if rest := b"".join(self._blocks):
            self._pass_on(rest if rest.endswith(b"\n") else rest + b"\n")
        self._blocks, self._size = [], 0
