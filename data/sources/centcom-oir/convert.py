"""A key for each line of a release: its day, a sum of its words, and which of several like lines it is."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COUNTRIES = {"Iraq", "Syria"}


def rows(raw: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The rows with day (ISO), key, relation and precision of the place."""
    seen: Counter[tuple[str, str]] = Counter()
    for cells in raw:
        day, line = _iso(cells["date"]), " ".join(cells["line"].split())
        seen[day, line] += 1
        words = hashlib.sha256(line.encode()).hexdigest()[:12]
        cells["day"] = day
        cells["key"] = f"{day}-{words}-{seen[day, line]}"
        cells["location"] = cells["location"].strip().removeprefix("Near ")
        cells["country"] = "" if cells["country"] == "Unknown" else cells["country"]
        cells["precision"] = (
            "country" if cells["location"] in _COUNTRIES else "near" if "Near " in line else ""
        )
        cells["relation"] = "near" if cells["precision"] == "near" else ""
        yield cells


def _iso(text: str) -> str:
    """`10/17/2016` as `2016-10-17`; anything else as it is, for the import to refuse."""
    month, _, rest = text.partition("/")
    day, _, year = rest.partition("/")
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}" if year else text
