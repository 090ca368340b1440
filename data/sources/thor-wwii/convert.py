"""Words that stand for an unknown place become empty cells: `UNKNOWN` is no town."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNKNOWN = {"UNKNOWN", "UNKNOWN OR NOT INDICATED", "UNIDENTIFIED", "UNIDENTIFIED TARGET"}
_COLUMNS = ("target_country", "target_city", "target_type")


def rows(raw: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The same rows."""
    for cells in raw:
        for name in _COLUMNS:
            if cells[name] in _UNKNOWN:
                cells[name] = ""
        yield cells
