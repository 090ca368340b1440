"""A thing as the graph has it: its names, what is said of it in which graph, and what points at it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.kg.dossier import Labels, Name, UnknownSubjectError, rows, subject_iri
from eventkg.model.naming import EKG, RDF, SKOS, XSD, shorten
from eventkg.store.terms import text, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View
    from eventkg.model.claim import Value

MOST_SAID = 2_000  # statements of a thing that its page knows; as in thing_said.rq
MOST_POINTERS = 25  # of those that point at it by one property; one less than thing_pointers.rq asks for
_MOST_WAYS = 12  # properties by which things point at it
_PREFERRED, _OTHER = f"{SKOS}prefLabel", f"{SKOS}altLabel"
_NOTES = (f"{SKOS}definition", f"{SKOS}scopeNote")
_PLAIN = {f"{XSD}string", f"{RDF}langString", ""}


@dataclass(frozen=True, slots=True)
class Written:
    """A name in a language (a tag, empty where none is given); each language has one preferred name."""

    text: str
    language: str
    preferred: bool


@dataclass(frozen=True, slots=True)
class Triple:
    """A statement of the thing; `object` is None for a literal, `graphs` are the IRIs of where it stands."""

    predicate: Name
    object: Name | None
    value: str
    datatype: str
    language: str
    graphs: tuple[str, ...]

    @property
    def label(self) -> str:
        """What a person reads."""
        return self.object.label if self.object else self.value


@dataclass(frozen=True, slots=True)
class Pointing:
    """How many things have the thing as a value of a property, and some of them."""

    predicate: Name
    total: int
    some: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """What the graph says of a thing in a view (an IRI); `cut` says that it says more."""

    thing: Name
    view: str
    names: tuple[Written, ...]
    triples: tuple[Triple, ...]
    pointing: tuple[Pointing, ...]
    cut: bool

    def values(self, name: str) -> tuple[Triple, ...]:
        """The statements with one of our properties, or with one given by its IRI."""
        iri = name if ":" in name else EKG + name
        return tuple(triple for triple in self.triples if triple.predicate.iri == iri)

    def first(self, name: str) -> str:
        """The text of the first value, empty where there is none."""
        return next((triple.value for triple in self.values(name)), "")

    @property
    def kinds(self) -> tuple[Name, ...]:
        """Its classes, and what each is called."""
        return tuple(triple.object for triple in self.values(f"{RDF}type") if triple.object)

    @property
    def notes(self) -> tuple[Triple, ...]:
        """What a curator notes about it."""
        return tuple(triple for name in _NOTES for triple in self.values(name))


def described(
    graph: KnowledgeGraph, subject: str, view: View | None = None, *, pointers: bool = True
) -> Description:
    """A thing by its IRI, long or short; with `pointers` also what points at it.

    Raises:
        UnknownSubjectError: the graph says nothing of it. UsageError: no such view.

    """
    iri = subject_iri(subject)
    labels = Labels()
    policy, found = rows(graph, "thing_said", view, subject=iri)
    said = _said(found, labels)
    ways = _pointing(graph, iri, view, labels) if pointers or not said else ()
    if not said and not ways:
        raise UnknownSubjectError(f"{shorten(iri)}: nothing of this name is in the graph")
    triples = _triples(said, labels)
    for triple in triples:
        if triple.predicate.iri == _PREFERRED:
            labels.add(ox.NamedNode(iri), ox.Literal(triple.value, language=triple.language or None))
    names = tuple(_names(triples))
    return Description(labels.name(iri), policy, names, triples, ways, cut=len(said) >= MOST_SAID)


def _said(found: Iterable[ox.QuerySolution], labels: Labels) -> dict[tuple[str, Value], set[str]]:
    """The graphs that have each property and value; labels are noted on the way."""
    said: dict[tuple[str, Value], set[str]] = defaultdict(set)
    for row in found:
        labels.add(row["property"], row["propertyLabel"])
        labels.add(row["value"], row["label"])
        said[text(row["property"]), to_value(row["value"])].add(text(row["graph"]))
    return said


def _triples(said: dict[tuple[str, Value], set[str]], labels: Labels) -> tuple[Triple, ...]:
    made = [
        Triple(
            labels.name(predicate),
            None if value.datatype else labels.name(value.text),
            value.text,
            "" if value.datatype in _PLAIN else value.datatype,
            value.language,
            tuple(sorted(graphs)),
        )
        for (predicate, value), graphs in said.items()
    ]
    return tuple(sorted(made, key=lambda triple: (triple.predicate.iri, triple.label, triple.value)))


def _names(triples: Iterable[Triple]) -> list[Written]:
    """Preferred names before others, English first, then by language."""
    found = [
        Written(triple.value, triple.language, triple.predicate.iri == _PREFERRED)
        for triple in triples
        if triple.predicate.iri in {_PREFERRED, _OTHER}
    ]
    return sorted(found, key=lambda one: (not one.preferred, one.language != "en", one.language, one.text))


def _pointing(graph: KnowledgeGraph, iri: str, view: View | None, labels: Labels) -> tuple[Pointing, ...]:
    counted: list[tuple[int, str]] = []
    for row in rows(graph, "thing_pointing", view, subject=iri)[1]:
        labels.add(row["property"], row["label"])
        counted.append((int(text(row["things"])), text(row["property"])))
    counted.sort(key=lambda one: (-one[0], one[1]))
    return tuple(
        Pointing(labels.name(way), total, _some(graph, iri, way, view) if number < _MOST_WAYS else ())
        for number, (total, way) in enumerate(counted)
    )


def _some(graph: KnowledgeGraph, iri: str, way: str, view: View | None) -> tuple[Name, ...]:
    labels, things = Labels(), dict[str, None]()
    for row in rows(graph, "thing_pointers", view, subject=iri, property=way)[1]:
        labels.add(row["thing"], row["label"])
        things[text(row["thing"])] = None
    named = sorted(map(labels.name, things), key=lambda name: (name.label, name.iri))
    return tuple(named[:MOST_POINTERS])
