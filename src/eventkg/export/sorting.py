"""Lines in order and without repetition, in bounded memory: sorted in parts on disk and merged."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from contextlib import ExitStack
from itertools import groupby
from typing import IO, TYPE_CHECKING

from eventkg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEMORY_MB = 2048  # that may be used unless told: a part is a quarter of it
BLOCK = 20_000  # lines that are handed on at a time
_EACH = 60  # bytes that Python adds to a line in a list
_LEAST = 1 << 16  # bytes that are read of a part at a time


def sorted_lines(blocks: Iterable[list[bytes]], memory_mb: float = MEMORY_MB) -> Iterator[list[bytes]]:
    """Lines that end in a line feed, in the order of their bytes, each once; in blocks as they came.

    Raises:
        DataError: no room for the parts in the folder for temporary files.

    """
    room = int(memory_mb * 2**20 / 4)
    with ExitStack() as files:
        parts: list[IO[bytes]] = []
        held: list[bytes] = []
        size = 0
        for block in blocks:
            held += block
            size += sum(map(len, block)) + _EACH * len(block)
            if size > room:
                parts.append(_stored(held, files))
                held, size = [], 0
        if parts:
            parts.append(_stored(held, files))
            held = []
            yield from _distinct(_merged(parts, room))
        else:
            held.sort()
            yield from _distinct(held[n : n + BLOCK] for n in range(0, len(held), BLOCK))


def _stored(lines: list[bytes], files: ExitStack) -> IO[bytes]:
    lines.sort()
    try:
        file = files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  (the stack closes it)
        file.writelines(lines)
        file.seek(0)
    except OSError as problem:
        raise DataError(f"{tempfile.gettempdir()}: {problem.strerror}, room to sort in expected") from problem
    return file


def _merged(parts: list[IO[bytes]], room: int) -> Iterator[list[bytes]]:
    """All that is not behind the end of any part's block, block after block: sorting runs is merging them."""
    share = max(_LEAST, room // (2 * len(parts)))
    runs = [part.readlines(share) for part in parts]
    while any(runs):
        bound = min(run[-1] for run in runs if run)
        ready: list[bytes] = []
        for number, run in enumerate(runs):
            cut = bisect_right(run, bound)
            ready += run[:cut]
            runs[number] = run[cut:] or parts[number].readlines(share)
        ready.sort()
        yield ready


def _distinct(blocks: Iterable[list[bytes]]) -> Iterator[list[bytes]]:
    last = b""
    for block in blocks:
        lines = [line for line, _ in groupby(block)]
        if lines and lines[0] == last:
            del lines[0]
        if lines:
            last = lines[-1]
            yield lines
