"""Which events a network, a table or a map is made of: by time, place, actor and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.model.naming import shorten

if TYPE_CHECKING:
    from eventkg.export.material import Material


@dataclass(frozen=True, slots=True)
class Only:
    """Events that meet every condition; an empty one is met by all.

    `since` and `until` are ISO days, both included: an event counts if a day of it may lie between them (one
    without an end goes on), and an undated one does not. `places` are IRIs: an event counts if it is located
    by one of them or by a place within it. `actors` are IRIs: an event counts if one of them has a part in
    it. `sources` are graphs by their short names.
    """

    since: str = ""
    until: str = ""
    places: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        return bool(self.since or self.until or self.places or self.actors or self.sources)

    def __str__(self) -> str:
        """The conditions in words, for the foot of a picture; empty where there is none."""
        names = (
            ("place", self.places),
            ("actor", self.actors),
            ("source", self.sources),
        )
        lists = (f"{name} {', '.join(map(shorten, sorted(found)))}" for name, found in names if found)
        since = f"since {self.since}" if self.since else ""
        until = f"until {self.until}" if self.until else ""
        return "; ".join(filter(None, (since, until, *lists)))

    def events(self, material: Material) -> frozenset[str] | None:
        """The events that count; None where all do."""
        if not self:
            return None
        known = {part.event for part in material.parts} | material.spans.keys() | material.sources.keys()
        involved = {part.event for part in material.parts if part.actor in self.actors}
        return frozenset(
            event
            for event in known
            if self._in_time(material.span(event))
            and (not self.actors or event in involved)
            and (not self.sources or not self.sources.isdisjoint(material.sources.get(event, ())))
            and (not self.places or self._in_place(event, material))
        )

    def _in_time(self, span: tuple[str, str]) -> bool:
        if not self.since and not self.until:
            return True
        start, end = span
        return bool(start) and (not end or end >= self.since) and (not self.until or start <= self.until)

    def _in_place(self, event: str, material: Material) -> bool:
        return any(
            site.place in self.places or not self.places.isdisjoint(material.within.get(site.place, ()))
            for site in material.sites.get(event, ())
        )
