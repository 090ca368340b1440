"""A key for each mention: the event, the sentence and the article; a number where even these are repeated."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def rows(raw: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The same rows with a column `mention`."""
    seen: Counter[str] = Counter()
    for cells in raw:
        article = hashlib.sha256(cells["mentionidentifier"].encode()).hexdigest()[:16]
        key = f"{cells['globaleventid']}-{cells['sentenceid']}-{article}"
        seen[key] += 1
        cells["mention"] = key if seen[key] == 1 else f"{key}-{seen[key]}"
        yield cells
