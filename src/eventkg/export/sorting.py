"""Lines in order and without repetition, in bounded memory: sorted in parts on disk and merged."""

from __future__ import annotations

import heapq
import tempfile
from contextlib import ExitStack
from itertools import islice
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PART = 500_000  # lines of a part: about 150 MB as Python holds them


def sorted_lines(lines: Iterable[bytes], part: int = PART) -> Iterator[bytes]:
    """The lines, each ending in a line feed, in the order of their bytes, each once.

    Raises:
        OSError: no room for the parts in the folder for temporary files.

    """
    source = iter(lines)
    with ExitStack() as files:
        parts: list[Iterable[bytes]] = []
        while found := list(islice(source, part)):
            ordered = sorted(set(found))
            if len(found) < part and not parts:
                yield from ordered
                return
            parts.append(_stored(ordered, files.enter_context(tempfile.TemporaryFile())))
        yield from _merged(parts)


def _stored(lines: list[bytes], file: IO[bytes]) -> IO[bytes]:
    file.writelines(lines)
    file.seek(0)
    return file


def _merged(parts: list[Iterable[bytes]]) -> Iterator[bytes]:
    last = b""
    for line in heapq.merge(*parts):
        if line != last:
            yield line
        last = line
