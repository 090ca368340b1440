"""A store as the reader of a claims file sees it: its words, its codes, the things it knows."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.kg.changing import READ_ONLY
from eventkg.kg.recorded import propositions_among
from eventkg.mapping.lexicon import Attribute
from eventkg.mapping.naming import tail
from eventkg.model.naming import BASE, CODE, EKG, GRAPH_CODES, GRAPH_ONTOLOGY, PREFIXES, RDF, RDFS, SKOS, XSD
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.model.claim import Proposition

_NODE = ox.NamedNode
_TYPE, _RANGE, _DOMAIN = _NODE(f"{RDF}type"), _NODE(f"{RDFS}range"), _NODE(f"{RDFS}domain")
_SUBCLASS, _SCHEME = _NODE(f"{RDFS}subClassOf"), _NODE(f"{SKOS}inScheme")
_LABELS = (_NODE(f"{SKOS}prefLabel"), _NODE(f"{SKOS}altLabel"))
_LITERAL = _NODE(f"{PREFIXES['owl']}DatatypeProperty")
_BY_DERIVATION = {_NODE(graph) for graph in READ_ONLY - {GRAPH_ONTOLOGY, GRAPH_CODES}}
# The classes that things of a kind are of, and the other way round.
_ROOTS = {
    "event": "ReportedEvent",
    "actor": "Actor",
    "place": "Place",
    "equipment": "EquipmentType",
    "series": "EventSeries",
}
_KINDS = {cls: kind for kind, cls in _ROOTS.items()}
_UNLABELLED = {"claim": "Claim", "proposition": "Proposition"}
_DAYS = {"date", "earliestStart", "latestStart", "earliestEnd", "latestEnd"}  # no axiom may name xsd:date
_MOST_NAMES = 20_000


class StoreLexicon:
    """See `eventkg.mapping.lexicon.Lexicon`."""

    def __init__(self, store: ox.Store) -> None:
        """Nothing is read before it is asked for."""
        self._store = store

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """Properties that may be claimed, as the ontology in the store has them."""
        claimable = self._store.quads_for_pattern(None, _TYPE, _NODE(f"{EKG}ClaimableProperty"), None)
        return {name.value.removeprefix(EKG): self._attribute(name) for name in _subjects(claimable)}

    @cached_property
    def classes(self) -> dict[str, frozenset[str]]:
        """Local names of classes by kind of thing; of events those that a claim may say it was."""
        found = {kind: frozenset(self._below(EKG + root)) for kind, root in _ROOTS.items()}
        return {**found, "event": found["event"] - {"ReportedEvent"}}

    def codes(self, scheme: str) -> list[str]:
        """The codes of a list."""
        listed = self._store.quads_for_pattern(None, _SCHEME, _NODE(f"{CODE}{scheme}"), None)
        return sorted(name.value.removeprefix(f"{CODE}{scheme}/") for name in _subjects(listed))

    def is_described(self, iri: str) -> bool:
        """Whether anything but derivation says what it is."""
        try:
            node = _NODE(iri)
        except ValueError:  # no IRI, so nothing of that name is here
            return False
        quads = self._store.quads_for_pattern(node, _TYPE, None, None)
        return any(quad.graph_name not in _BY_DERIVATION for quad in quads)

    def names(self, kind: str) -> dict[str, str]:
        """Slugs and labels to slugs, of so many things of a kind as are worth comparing."""
        found: dict[str, str] = {}
        for iri, label in self._named(kind):
            found.setdefault(tail(iri), tail(iri))
            found.setdefault(label, tail(iri))
            if len(found) >= _MOST_NAMES:
                break
        return found

    def sha256(self, document: str) -> str:
        """The sum of a document's text, empty where there is none."""
        if not self.is_described(document):
            return ""
        quads = self._store.quads_for_pattern(_NODE(document), _NODE(f"{EKG}sha256"), None, None)
        return min((text(quad.object) for quad in quads), default="")

    def same(self, proposition: Proposition) -> str:
        """A proposition about the same thing with the same content, in whatever graph."""
        about = _NODE(proposition.statement.about)
        stored = {
            text(quad.subject)
            for quad in self._store.quads_for_pattern(None, _NODE(f"{EKG}about"), about, None)
            if quad.graph_name not in _BY_DERIVATION  # what comes and goes with derivation bears no claim
        }
        content = (proposition.statement, proposition.qualifiers)
        known = propositions_among(self._store, stored)
        return min((p.iri for p in known.values() if (p.statement, p.qualifiers) == content), default="")

    def _attribute(self, name: ox.NamedNode) -> Attribute:
        local = name.value.removeprefix(EKG)
        ranges = {text(quad.object) for quad in self._store.quads_for_pattern(name, _RANGE, None, None)}
        domains = {text(quad.object) for quad in self._store.quads_for_pattern(name, _DOMAIN, None, None)}
        is_literal = any(self._store.quads_for_pattern(name, _TYPE, _LITERAL, None))
        datatype = min((iri for iri in ranges if iri.startswith(XSD)), default="")
        kinds = tuple(
            _KINDS[iri.removeprefix(EKG)] for iri in sorted(ranges) if iri.removeprefix(EKG) in _KINDS
        )
        about = tuple(
            _KINDS[iri.removeprefix(EKG)] for iri in sorted(domains) if iri.removeprefix(EKG) in _KINDS
        )
        return Attribute(
            iri=name.value,
            about=about,
            kinds=() if is_literal else kinds or about or ("event",),
            coded=f"{SKOS}Concept" in ranges,
            datatype=f"{XSD}date" if local in _DAYS else datatype,
        )

    def _below(self, cls: str) -> Iterator[str]:
        queue, seen = [cls], {cls}
        while queue:
            reached = queue.pop()
            yield reached.removeprefix(EKG)
            for sub in _subjects(self._store.quads_for_pattern(None, _SUBCLASS, _NODE(reached), None)):
                if sub.value.startswith(EKG) and sub.value not in seen:
                    seen.add(sub.value)
                    queue.append(sub.value)

    def _named(self, kind: str) -> Iterator[tuple[str, str]]:
        if kind in _UNLABELLED:
            quads = self._store.quads_for_pattern(None, _TYPE, _NODE(EKG + _UNLABELLED[kind]), None)
            yield from ((name.value, tail(name.value)) for name in _subjects(quads))
            return
        for predicate in _LABELS:
            for quad in self._store.quads_for_pattern(None, predicate, None, None):
                if text(quad.subject).startswith(f"{BASE}id/{kind}/"):
                    yield text(quad.subject), text(quad.object)


def _subjects(quads: Iterator[ox.Quad]) -> Iterator[ox.NamedNode]:
    return (quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode))
