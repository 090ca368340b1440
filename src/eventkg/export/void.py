"""The description of an RDF export within it: a void:Dataset with counts, licences, citations and policy.

Source: W3C, "Describing Linked Datasets with the VoID Vocabulary", 2011.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pyoxigraph as ox

from eventkg.export.about import short_graph
from eventkg.model.naming import BASE, EKG, GRAPH, PREFIXES, RDF, XSD, entity, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventkg.export.about import About, Credit
    from eventkg.export.rdf import Tally

    Fact = tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]

GRAPH_EXPORT = ox.NamedNode(f"{GRAPH}export")  # of formats that have graphs; never exported again
_VOID, _DCTERMS = PREFIXES["void"], PREFIXES["dcterms"]
_DATASET = ox.NamedNode(f"{_VOID}Dataset")
_SHORT = 16  # hexadecimal digits that name an export


class Export(NamedTuple):
    """What is known before a statement is written: about it, and the number of statements by graph (IRI)."""

    about: About
    graphs: Mapping[str, int]


def description(export: Export, tally: Tally) -> Iterator[ox.Quad]:
    """Named by what it describes: the same statements have the same description."""
    for subject, name, value in _facts(export, tally):
        yield ox.Quad(subject, ox.NamedNode(name), value, GRAPH_EXPORT)


def _facts(export: Export, tally: Tally) -> Iterator[Fact]:
    about = export.about
    whole = ox.NamedNode(entity("dataset", "export", tally.sum[:_SHORT]))
    yield whole, f"{RDF}type", _DATASET
    yield whole, f"{_DCTERMS}title", _english(about.title or "Export of eventkg")
    yield whole, f"{EKG}policy", ox.NamedNode(about.view)
    yield whole, f"{_DCTERMS}identifier", ox.Literal(f"sha256:{tally.sum}")
    yield whole, f"{_VOID}triples", _number(tally.statements)
    yield whole, f"{_VOID}entities", _number(tally.things)
    yield whole, f"{_VOID}classes", _number(len(tally.classes))
    yield whole, f"{_VOID}vocabulary", ox.NamedNode(EKG)
    yield whole, f"{_VOID}uriSpace", ox.Literal(BASE)
    yield from (fact for credit in about.credits for fact in _terms(whole, credit))
    for graph in about.left_out:
        said = f"Left out, because it may not be passed on: {short_graph(graph)}"
        yield whole, f"{_DCTERMS}description", _english(said)
    graphs = {graph: _part(whole, "graph", short_graph(graph)) for graph in sorted(export.graphs)}
    classes = {cls: _part(whole, "class", shorten(cls)) for cls in sorted(tally.classes)}
    yield from ((whole, f"{_VOID}subset", part) for part in graphs.values())
    yield from ((whole, f"{_VOID}classPartition", part) for part in classes.values())
    for graph, part in graphs.items():
        yield part, f"{RDF}type", _DATASET
        yield part, f"{_DCTERMS}title", ox.Literal(short_graph(graph))
        yield part, f"{_DCTERMS}source", ox.NamedNode(graph)
        yield part, f"{_VOID}triples", _number(export.graphs[graph])
        yield from (
            fact for credit in about.credits if credit.graph == graph for fact in _terms(part, credit)
        )
    for cls, part in classes.items():
        yield part, f"{RDF}type", _DATASET
        yield part, f"{_VOID}class", ox.NamedNode(cls)
        yield part, f"{_VOID}entities", _number(tally.classes[cls])


def _part(whole: ox.NamedNode, kind: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{whole.value}/{kind}/{quote(name, safe=':')}")


def _terms(subject: ox.NamedNode, credit: Credit) -> Iterator[Fact]:
    if credit.licence:
        is_address = credit.licence.startswith(("http://", "https://"))
        licence = ox.NamedNode(credit.licence) if is_address else ox.Literal(credit.licence)
        yield subject, f"{_DCTERMS}license", licence
    if credit.citation:
        yield subject, f"{_DCTERMS}bibliographicCitation", ox.Literal(credit.citation)
    if credit.dataset:
        yield subject, f"{_DCTERMS}source", ox.NamedNode(credit.dataset)


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def _number(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=ox.NamedNode(f"{XSD}integer"))
