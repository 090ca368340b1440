"""Lines are sorted in bounded memory, whatever the size of a part."""

from __future__ import annotations

import random
import tempfile
import tracemalloc
from itertools import chain

import pytest

from eventkg.errors import DataError
from eventkg.export.sorting import BLOCK, sorted_lines


def blocks(lines: list[bytes], size: int) -> list[list[bytes]]:
    return [lines[n : n + size] for n in range(0, len(lines), size)]


@pytest.mark.parametrize("memory_mb", [0, 0.0003, 0.002, 1])
@pytest.mark.parametrize("size", [1, 7, 100])
@pytest.mark.parametrize("number", [0, 1, 7, 300])
def test_lines_come_in_order_and_once(number: int, size: int, memory_mb: float) -> None:
    chance = random.Random(number)  # noqa: S311  (no secret)
    lines = [b"%d\n" % chance.randrange(200) for _ in range(number)]
    found = list(sorted_lines(blocks(lines, size), memory_mb))
    assert list(chain.from_iterable(found)) == sorted(set(lines))
    assert all(found)


def test_lines_longer_than_what_is_read_at_a_time_stay_whole() -> None:
    lines = [b"%d%s\n" % (n, b"x" * 100_000) for n in range(9, 0, -1)]
    assert list(chain.from_iterable(sorted_lines(blocks(lines, 2), 0.5))) == sorted(lines)


def test_what_is_equal_is_written_once_across_blocks() -> None:
    lines = [b"a\n"] * (BLOCK + 1)
    assert list(sorted_lines(blocks(lines, 1000))) == [[b"a\n"]]


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(DataError, match="No space left on device, room to sort in expected"):
        list(sorted_lines([[b"a\n"], [b"b\n"]], 0))


@pytest.mark.parametrize("memory_mb", [4, 8])
def test_no_more_memory_is_held_than_was_given(memory_mb: float) -> None:
    """20 MB of lines, 60 as Python holds them; the block that is handed over is the caller's."""
    chance = random.Random(1)  # noqa: S311  (no secret)
    lines = ([b"%d%s\n" % (chance.randrange(10**9), b"x" * 50) for _ in range(2_000)] for _ in range(150))
    tracemalloc.start()
    try:
        number = sum(len(block) for block in sorted_lines(lines, memory_mb))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert number > 290_000
    assert most < memory_mb * 2**20
