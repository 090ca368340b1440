"""A dossier: the few nodes that a question about claims needs, fetched in one query and read here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pyoxigraph as ox

from eventkg.claims.reading import read_part
from eventkg.errors import UsageError
from eventkg.kg.sources import RemoteEngine
from eventkg.model.naming import BASE, EKG, PREFIXES, RDF, SKOS, shorten
from eventkg.query.job import Job
from eventkg.query.named import named_query
from eventkg.store.terms import text, to_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View
    from eventkg.model.claim import Book, Value

_LABEL = f"{SKOS}prefLabel"
_WITHOUT_LABEL = {f"{RDF}type": "kind"}  # a vocabulary that is not ours to label


class UnknownSubjectError(UsageError):
    """Nothing in this graph has the name that was asked about."""


@dataclass(frozen=True, slots=True)
class Name:
    """A thing: its IRI, and what it is called in English, or else in another language, or by short IRI."""

    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """What one query found out about some nodes in the world of a view (the IRI of its policy)."""

    view: str
    store: ox.Store
    labels: Mapping[str, str]

    def name(self, iri: str) -> Name:
        """A thing by the name it goes by."""
        return Name(iri, self.labels.get(iri) or _WITHOUT_LABEL.get(iri) or shorten(iri))

    def names(self, node: str, property_name: str) -> tuple[Name, ...]:
        """The values of one of our properties, by name."""
        return named(self, {text(term) for term in self.values(node, property_name)})

    def values(self, node: str, property_name: str) -> list[ox.NamedNode | ox.Literal | ox.BlankNode]:
        """The values of one of our properties, in the order of their text."""
        quads = self.store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(EKG + property_name), None)
        return sorted((q.object for q in quads if not isinstance(q.object, ox.Triple)), key=text)

    def first(self, node: str, property_name: str) -> str:
        """The text of the first value, empty where there is none."""
        return next((text(term) for term in self.values(node, property_name)), "")

    def number(self, node: str, property_name: str) -> int | None:
        """A whole number, None where there is none."""
        found = self.first(node, property_name)
        return int(found) if found.removeprefix("-").isdecimal() else None

    def holds(self, subject: str, predicate: str, value: Value) -> bool:
        """Whether this triple stands in the world of the view."""
        quad = ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), to_term(value))
        return quad in self.store

    def book(self) -> Book:
        """Its propositions and claims, as derivation reads them."""
        nodes = {quad.subject.value for quad in self.store if isinstance(quad.subject, ox.NamedNode)}
        return read_part(self.store, nodes)


def named(dossier: Dossier, iris: set[str] | frozenset[str]) -> tuple[Name, ...]:
    """Things in the order of their labels."""
    return tuple(sorted((dossier.name(iri) for iri in iris), key=lambda name: (name.label, name.iri)))


def ask(graph: KnowledgeGraph, question: str, view: View | None, subject: str | None = None) -> Dossier:
    """The dossier that the query ledger_QUESTION makes, about one subject or about all.

    Raises:
        UsageError: no such view.

    """
    return _dossier(*solutions(graph, question, view, subject))


def ask_both(graph: KnowledgeGraph, question: str, a: View, b: View) -> tuple[Dossier, Dossier]:
    """The dossiers of a question in two worlds, about the subjects alone on which they differ in anything.

    What is alike, and that is nearly all in most worlds, is compared as text and not read.

    Raises:
        UsageError: no such view.

    """
    if isinstance(graph.engine, RemoteEngine):  # what others write as TSV is not always any
        return ask(graph, question, a), ask(graph, question, b)
    job = Job(named_query(f"ledger_{question}"), solutions="tsv")
    with ThreadPoolExecutor(2) as asking:
        (first, here), (second, there) = asking.map(partial(_answer, graph, job), (a, b))
    ours, theirs = (_solutions(rows, ox.QueryResultsFormat.TSV) for rows in _apart(here, there))
    return _dossier(first, ours), _dossier(second, theirs)


def _apart(here: bytes, there: bytes) -> tuple[bytes, bytes]:
    """Two answers (SPARQL TSV), without the subjects, in the first column, with the same rows in both."""
    (head, *ours), (_, *theirs) = here.split(b"\n"), there.split(b"\n")  # escaped within a term
    differing = {_subject(line) for line in set(ours) ^ set(theirs)}
    one, other = ([line for line in lines if _subject(line) in differing] for lines in (ours, theirs))
    return b"\n".join([head, *one, b""]), b"\n".join([head, *other, b""])


def _subject(line: bytes) -> bytes:
    return line.partition(b"\t")[0]


def _dossier(policy: str, rows: Iterable[ox.QuerySolution]) -> Dossier:
    store, labels = ox.Store(), Labels()
    for row in rows:
        node, predicate, value = row["node"], row["property"], row["value"]
        store.add(ox.Quad(node, predicate, value))
        labels.add(value, row["label"])
        if text(predicate) == _LABEL:
            labels.add(node, value)
    return Dossier(policy, store, labels.chosen)


def solutions(
    graph: KnowledgeGraph, question: str, view: View | None, subject: str | None = None
) -> tuple[str, Iterator[ox.QuerySolution]]:
    """The IRI of the view's policy, and the rows of the query ledger_QUESTION as terms."""
    return rows(graph, f"ledger_{question}", view, **({"subject": subject} if subject else {}))


def rows(
    graph: KnowledgeGraph, name: str, view: View | None, **iris: str
) -> tuple[str, Iterator[ox.QuerySolution]]:
    """The IRI of the view's policy, and the rows of one of our own queries as terms."""
    bindings = {variable: (iri, "", "") for variable, iri in iris.items()}
    policy, answer = _answer(graph, Job(named_query(name), solutions="json", bindings=bindings), view)
    return policy, _solutions(answer, ox.QueryResultsFormat.JSON)


def _answer(graph: KnowledgeGraph, job: Job, view: View | None) -> tuple[str, bytes]:
    running, policy = graph.start(job, view)
    with running:
        running.head()
        return policy, b"".join(running.chunks())


def _solutions(answer: bytes, form: ox.QueryResultsFormat) -> ox.QuerySolutions:
    found = ox.parse_query_results(answer, format=form)
    if not isinstance(found, ox.QuerySolutions):
        raise UsageError("the answer to an ASK found, rows expected")
    return found


def subject_iri(name: str) -> str:
    """An event by its slug, or anything by its short or full IRI.

    Raises:
        UsageError: no IRI can be made of it.

    """
    prefix, colon, local = name.partition(":")
    if name.startswith(("http://", "https://", "urn:")):
        iri = name
    elif colon and prefix in PREFIXES:
        iri = PREFIXES[prefix] + local
    else:
        iri = f"{BASE}id/event/{quote(unquote(name), safe='-._~/')}"
    try:
        return ox.NamedNode(iri).value
    except ValueError as problem:
        raise UsageError(f"{name!r} found, an event's name or an IRI expected") from problem


class Labels:
    """One label for each thing: English before the others, then by alphabet."""

    def __init__(self) -> None:
        """Nothing has a label yet."""
        self._ranks: dict[str, tuple[bool, str]] = {}

    def add(self, thing: object, label: object) -> None:
        """What is no label of an IRI is passed over."""
        if isinstance(thing, ox.NamedNode) and isinstance(label, ox.Literal):
            rank = (label.language != "en", label.value)
            self._ranks[thing.value] = min(rank, self._ranks.get(thing.value, rank))

    def name(self, iri: str) -> Name:
        """A thing by its label, or by its short IRI."""
        return Name(iri, self._ranks.get(iri, (False, ""))[1] or _WITHOUT_LABEL.get(iri) or shorten(iri))

    @property
    def chosen(self) -> dict[str, str]:
        """The label of each IRI that has one."""
        return {iri: label for iri, (_, label) in self._ranks.items()}
