"""Some events of an open graph as files: those and no other, without what may not be passed on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from eventkg.export import material
from eventkg.export.material import Material
from eventkg.export.only import Only
from eventkg.export.tables import EVENT_COLUMNS, Table, events_table, read_values
from eventkg.kg.exports import Choice, about_events
from eventkg.kg.licences import licences
from eventkg.model.naming import EKG
from eventkg.query.job import Job
from eventkg.query.listed import blocks, listed
from eventkg.query.named import named_query
from eventkg.query.rows import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.export.about import About
    from eventkg.export.material import Ask, Cells
    from eventkg.export.tables import Row
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.licences import Licences
    from eventkg.kg.policies import View

_OTHERS = {"network_sources": "found_sources", "table_values": "found_values"}  # faster where few are asked
_NAMES = ("network_actors", "network_places")
_RIVALS = f"{EKG}contradicts"
_CLAIMED, _LINKS = (f"{EKG}about", f"{EKG}conveys"), (f"{EKG}respondsTo", f"{EKG}relays")


@dataclass(frozen=True)
class Picked:
    """Events by their IRIs, in the order in which they are written; `only` is what coverage can speak of."""

    graph: KnowledgeGraph
    iris: tuple[str, ...]
    view: View | None = None
    only: Only = field(default_factory=Only)

    def about(self, title: str) -> About:
        """What to say about a file of them.

        Raises:
            UsageError: nothing of the sources that were chosen may be passed on.

        """
        return about_events(self.graph, self._terms, Choice(self.view, self.only), title)

    def tables(self) -> Iterator[Table]:
        """One row an event, so many events at a time as one query takes."""
        for block in blocks(self.iris):
            rows = {row[0]: row for row in self._rows(block)}
            yield Table("events", EVENT_COLUMNS, tuple(rows[iri] for iri in block if iri in rows))

    def turtle(self) -> Iterator[bytes]:
        """The events with what is claimed of them, by whom, and the names of what is spoken of: Turtle."""
        mentioned: dict[str, None] = {}
        told: set[str] = set()
        for block in blocks(self.iris):
            known = {event for event, _ in self._ask("found_sources", "event", block)}
            events = [iri for iri in block if iri in known]
            subjects = dict.fromkeys((*events, *self._said_of(events)))
            new = [iri for iri in subjects if iri not in self._terms.moved and iri not in told]
            told |= set(new)
            for some in blocks(new):
                yield self._answer("found_statements", "thing", some)
                mentioned |= dict.fromkeys(iri for (iri,) in self._ask("found_mentioned", "thing", some))
        for block in blocks(iri for iri in mentioned if iri not in told):
            yield self._answer("found_names", "thing", block)

    @cached_property
    def _terms(self) -> Licences:
        return licences(self.graph, self.view)

    @cached_property
    def _graphs(self) -> tuple[str, ...]:
        """Those that may be passed on, where not all may."""
        if not self._terms.withheld:
            return ()
        held = (str(row["graph"]) for row in self.graph.select("graphs", self.view))
        return tuple(name for name in held if name not in self._terms.withheld)

    def _rows(self, events: list[str]) -> Iterable[Row]:
        ask = self._asker(events)
        parts, sites, sources = material.read_parts(ask), material.read_sites(ask), material.read_sources(ask)
        things = {part.actor for part in parts} | {site.place for found in sites.values() for site in found}
        names = material.read_names(ask, "network_events")
        for block in blocks(sorted(things)):
            names |= material.read_names(self._asker(block, "thing"), *_NAMES)
        found = Material(
            parts=parts, spans=material.read_spans(ask), sites=sites, sources=sources, names=names
        )
        return events_table(found, read_values(ask), frozenset(sources)).rows

    def _said_of(self, events: list[str]) -> Iterator[str]:
        """Propositions about events and what contradicts them, the claims, and claims about those claims."""
        propositions, claims = (self._pointing(events, name) for name in _CLAIMED)
        rivals = [*self._pointing(propositions, _RIVALS), *self._pointed_at(propositions, _RIVALS)]
        propositions = list(dict.fromkeys((*propositions, *rivals)))
        yield from propositions
        yield from self._pointed_at(propositions, f"{EKG}equipment")
        reached = {*claims, *self._pointing(propositions, f"{EKG}proposition")}
        waiting = sorted(reached)
        while waiting:
            yield from waiting
            more = {claim for name in _LINKS for claim in self._pointing(waiting, name)}
            waiting = sorted(more - reached)
            reached |= more

    def _pointing(self, things: list[str], name: str) -> list[str]:
        """What points at things by a property."""
        found = (
            subject
            for block in blocks(things)
            for subject, *_ in self._ask("found_pointing", "thing", block, property=name)
        )
        return list(dict.fromkeys(found))

    def _pointed_at(self, subjects: list[str], name: str) -> Iterator[str]:
        """What things point at by a property."""
        for block in blocks(subjects):
            for *_, thing in self._ask("found_pointing", "subject", block, property=name):
                yield thing

    def _asker(self, iris: list[str], variable: str = "") -> Ask:
        def ask(name: str) -> Iterator[Cells]:
            asked = variable or ("thing" if name == "network_events" else "event")
            return self._ask(_OTHERS.get(name, name), asked, iris)

        return ask

    def _ask(self, name: str, variable: str, iris: list[str], **bound: str) -> Iterator[Cells]:
        return rows(self._answer(name, variable, iris, **bound))

    def _answer(self, name: str, variable: str, iris: list[str], **bound: str) -> bytes:
        query = listed(named_query(name), variable, iris)
        bindings = {one: (iri, "", "") for one, iri in bound.items()}
        graphs = self._graphs
        job = Job(query, "tsv", "ttl", default_graphs=graphs, named_graphs=graphs, bindings=bindings)
        with self.graph.start(job, self.view)[0] as running:
            running.head()
            return b"".join(running.chunks())
