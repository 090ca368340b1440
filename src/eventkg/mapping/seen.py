"""Which keys came up before, in few bytes for each."""

from __future__ import annotations

from array import array

_FIRST = 1 << 10  # slots


class Seen:
    """A set of hashes in one array: 11 to 16 bytes for each, a quarter of what a set of Python takes.

    Each lies in the first slot that was free from the one that it names onwards; the array is at most three
    quarters full. Two keys of one hash are taken for the same: one chance in 10⁶ with six million keys.
    """

    def __init__(self) -> None:
        self._slots = array("q", bytes(8 * _FIRST))
        self._free = _most(_FIRST)

    @property
    def nbytes(self) -> int:
        """What the array takes."""
        return len(self._slots) * self._slots.itemsize

    def __contains__(self, found: int) -> bool:
        return self._slots[_slot(self._slots, found or 1)] != 0

    def add(self, found: int) -> None:
        """Remember a hash."""
        found = found or 1  # an empty slot holds 0
        if not self._free:
            self._grow()
        at = _slot(self._slots, found)
        if not self._slots[at]:
            self._slots[at] = found
            self._free -= 1

    def _grow(self) -> None:
        old = self._slots
        size = len(old) * 3 // 2
        self._slots = array("q", bytes(8)) * size
        self._free = _most(size) - _most(len(old))
        for found in old:
            if found:
                self._slots[_slot(self._slots, found)] = found


def _most(size: int) -> int:
    return size * 3 // 4


def _slot(slots: array[int], found: int) -> int:
    """Where a hash is, or would go."""
    size = len(slots)
    at = found % size
    while (there := slots[at]) and there != found:
        at = at + 1 if at + 1 < size else 0
    return at
