"""A field that is named an air base is one; of the others nothing is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_AIR_BASE = re.compile(r"\bAir (?:Force )?Base\s*(?:$|[/(,])|\bAirbase\s*(?:$|[/(,])", re.IGNORECASE)


def rows(raw: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The same rows with a column `Kind`."""
    for cells in raw:
        cells["Kind"] = "air base" if _AIR_BASE.search(cells["Name"]) else "other"
        yield cells
