"""Results by what they were made from, as far as memory allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

K = TypeVar("K")
V = TypeVar("V")

LIMIT = 20_000  # entries; a column with more different cells than that gains little from being remembered


class Memo(dict[K, V], Generic[K, V]):
    """`memo[key]` is `make(key)`, made once as long as it is remembered; a failure is not remembered."""

    def __init__(self, make: Callable[[K], V], limit: int = LIMIT) -> None:
        super().__init__()
        self._make, self._limit = make, limit

    def __missing__(self, key: K) -> V:
        value = self._make(key)
        if len(self) >= self._limit:
            self.clear()
        self[key] = value
        return value
