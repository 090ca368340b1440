"""A key, a kind and a name for each make and model; one that stands there twice is one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is no aircraft: vehicles and structures with a made-up designator.
_MADE_UP = "-"


def rows(raw: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Each make and model once, with the columns `Key`, `Kind` and `Name`."""
    seen: set[str] = set()
    for cells in raw:
        key = "/".join((cells["ICAO"], cells["Manufacturer"], cells["Model"]))
        if key in seen:
            continue
        seen.add(key)
        cells["Key"] = key
        cells["Kind"] = "other" if cells["ICAO"].startswith(_MADE_UP) else "aircraft"
        cells["Name"] = f"{cells['Manufacturer']} {cells['Model']}".strip()
        yield cells
