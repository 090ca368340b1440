"""Lines are sorted in bounded memory, whatever the size of a part."""

from __future__ import annotations

import random

import pytest

from eventkg.export.sorting import sorted_lines


@pytest.mark.parametrize("part", [1, 2, 7, 100, 1000])
@pytest.mark.parametrize("number", [0, 1, 7, 8, 300])
def test_lines_come_in_order_and_once(number: int, part: int) -> None:
    chance = random.Random(number)  # noqa: S311  (no secret)
    lines = [b"%d\n" % chance.randrange(200) for _ in range(number)]
    assert list(sorted_lines(lines, part)) == sorted(set(lines))


def test_no_more_than_a_part_is_held() -> None:
    read = 0

    def lines() -> object:
        nonlocal read
        for number in range(10):
            read += 1
            yield b"%d\n" % number

    found = sorted_lines(lines(), 3)  # type: ignore[arg-type]
    assert read == 0
    assert next(found) == b"0\n"
    assert len(list(found)) == 9
