"""Answers kept for those who ask the same of the same state, and the tags that name them."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from eventkg.kg.sources import RemoteEngine

if TYPE_CHECKING:
    from eventkg.query.job import Job
    from eventkg.serve.service import Service

_MOST, _MOST_EACH = 64 << 20, 1 << 20  # bytes
# A query with one of these may be answered otherwise the next time.
_CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)
BOOT = uuid.uuid4().hex  # a store made anew in the same place counts its states from 1 again


class Kept(NamedTuple):
    """An answer as it was given."""

    body: bytes
    media_type: str
    policy: str
    rows: int = -1


class Cache:
    """The answers used last."""

    def __init__(self, most: int = _MOST, most_each: int = _MOST_EACH) -> None:
        """So many bytes in all, and of each."""
        self._most, self._most_each, self._size = most, most_each, 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self.hits = self.misses = 0

    def get(self, tag: str) -> Kept | None:
        """The answer with this tag."""
        kept = self._kept.get(tag)
        if kept is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(tag)
        return kept

    def put(self, tag: str, kept: Kept) -> None:
        """Keep it, if it is small; the one not used for longest goes first."""
        if len(kept.body) > self._most_each or tag in self._kept:
            return
        self._kept[tag] = kept
        self._size += len(kept.body)
        while self._size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest.body)


def tag_of(service: Service, job: Job, version: str = "") -> str:
    """The entity tag of an answer: "" where the next one may differ though the graph has not changed."""
    engine = service.graph.engine
    if isinstance(engine, RemoteEngine) or _may_change(job.query) or service.asks_others(job):
        return ""
    asked = f"{BOOT}\0{version or engine.version()}\0".encode() + job.to_bytes()
    return f'W/"{hashlib.sha256(asked).hexdigest()[:32]}"'


def _may_change(query: str) -> bool:
    letters = query.upper()
    return any(word in letters for word in ("NOW", "RAND", "UUID", "BNODE")) and bool(_CHANGING.search(query))


def has_it(if_none_match: str, tag: str) -> bool:
    """Whether the client has this answer already (RFC 9110, section 13.1.2: tags are compared weakly)."""
    if not tag or not if_none_match:
        return False
    given = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return "*" in given or tag.removeprefix("W/") in given
