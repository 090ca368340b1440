"""Under which licences the data sets in a graph stand, and what of it may not be passed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventkg.model.naming import GRAPH_CODES, GRAPH_MOVED, GRAPH_ONTOLOGY, GRAPH_SEED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one part of a data set: of one file of one release, and of the graph (IRI) that holds it.

    `licence` is an address, SPDX's where it has one, or a name; `dataset` is an IRI. What the graph does not
    say is "". Records may be passed on unless the graph says that they may not.
    """

    graph: str
    dataset: str
    title: str
    licence: str
    citation: str
    publisher: str = ""
    release: str = ""
    homepage: str = ""
    file: str = ""
    share_alike: bool = False
    redistributable: bool = True


@dataclass(frozen=True, slots=True)
class Licences:
    """What must be said when a graph is passed on in the world of a view (an IRI), and what must be left out.

    `terms` are those of all parts, also of those that may not be passed on. `withheld` are the graphs (IRIs)
    that may not be passed on. `moved` are the propositions in graph/moved that say what a withheld graph said
    before it was contested, `orphaned` those among them that no graph which may be passed on puts forward.
    """

    view: str
    terms: tuple[Terms, ...]
    withheld: frozenset[str]
    moved: frozenset[str]
    orphaned: frozenset[str]

    @property
    def passed_on(self) -> tuple[Terms, ...]:
        """The terms that apply to what is left once the withheld graphs are left out."""
        return tuple(terms for terms in self.terms if terms.graph not in self.withheld)

    def left_out(self, subject: str, value: str, graph: str) -> bool:
        """Whether a statement in a graph may not be passed on; all are IRIs, a literal matches none."""
        if graph in self.withheld:
            return True
        named = self.moved if graph == GRAPH_MOVED else self.orphaned
        return subject in named or value in named


_CC_BY, _ODBL = "https://spdx.org/licenses/CC-BY-4.0", "https://spdx.org/licenses/ODbL-1.0"
_WORDS = "eventkg contributors, ontology and codes of eventkg"
_OWN = (  # what comes with the package; data/seed/LICENSE.md says more
    Terms(GRAPH_CODES, "", "Codes of eventkg", _CC_BY, _WORDS),
    Terms(GRAPH_ONTOLOGY, "", "Ontology of eventkg", _CC_BY, _WORDS),
    Terms(GRAPH_SEED, "", "Seed of eventkg", _CC_BY, "eventkg contributors, seed of eventkg"),
    Terms(
        GRAPH_SEED,
        "",
        "Coordinates, native names and Wikidata ids of places in the seed of eventkg",
        _ODBL,
        "Contains information from the Countries States Cities Database, made available under the ODbL",
        share_alike=True,
    ),
)


def licences(graph: KnowledgeGraph, view: View | None = None) -> Licences:
    """The licences and citations that apply to an open graph, and what in it may not be passed on.

    Raises:
        UsageError: no such view.

    """
    held = {row["graph"] for row in graph.select("graphs", view)}
    withheld = frozenset(row["graph"] for row in graph.select("withheld_graphs", view))
    moved, elsewhere = set(), set()
    for row in graph.select("moved_from", view) if withheld else ():
        if row["graph"] in withheld:
            moved.add(row["proposition"])
        if row["other"] and row["other"] not in withheld:
            elsewhere.add(row["proposition"])
    own = (terms for terms in _OWN if terms.graph in held)
    return Licences(
        graph.policy(view).iri,
        (*own, *map(_terms, graph.select("licences", view))),
        withheld,
        frozenset(moved),
        frozenset(moved - elsewhere),
    )


def _terms(row: Mapping[str, Any]) -> Terms:
    return Terms(
        graph=row["graph"],
        dataset=row["dataset"],
        title=row["title"],
        licence=row["licence"] or "",
        citation=row["citation"] or "",
        publisher=row["publisher"] or "",
        release=row["release"] or "",
        homepage=row["homepage"] or "",
        file=row["file"] or "",
        share_alike=row["shareAlike"] is True,
        redistributable=row["redistributable"] is not False,
    )
