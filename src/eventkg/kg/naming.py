"""One preferred name a language: where sources name a thing differently, the other names stay beside it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.model.naming import GRAPH_SEED, GRAPH_USER, SKOS
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFERRED, _OTHER = ox.NamedNode(f"{SKOS}prefLabel"), ox.NamedNode(f"{SKOS}altLabel")
_CURATED = (GRAPH_SEED, GRAPH_USER)
# one pass over all names: to ask for those of each thing takes ten times as long, and to read the language of
# names that are the only one of their thing four times
_NAMED_TWICE = f"""SELECT DISTINCT ?thing {{
    {{ SELECT ?thing {{ ?thing <{SKOS}prefLabel> ?any }} GROUP BY ?thing HAVING (COUNT(*) > 1) }}
    ?thing <{SKOS}prefLabel> ?name
  }} GROUP BY ?thing (LANG(?name)) HAVING (COUNT(*) > 1)"""


def settle_names(store: ox.Store, graph: str) -> None:
    """Of several preferred names of a thing one stays: a curated one, or the first by graph and text.

    Things that the graph does not name are left as they are. The order of imports makes no difference.
    """
    own = ox.NamedNode(graph)
    for thing in list(_named_twice(store)):
        by_language: defaultdict[str, list[ox.Quad]] = defaultdict(list)
        names = list(store.quads_for_pattern(thing, _PREFERRED, None, None))
        if all(quad.graph_name != own for quad in names):
            continue
        for quad in names:
            if isinstance(quad.object, ox.Literal):
                by_language[quad.object.language or ""].append(quad)
        for quads in by_language.values():
            if len({text(quad.object) for quad in quads}) > 1:
                _settle(store, sorted(quads, key=_rank))


def _named_twice(store: ox.Store) -> Iterator[ox.NamedNode]:
    """Things with several preferred names in a language, be they the same in several graphs."""
    answer = store.query(_NAMED_TWICE, use_default_graph_as_union=True)
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101  (it is a SELECT)
    return (row["thing"] for row in answer if isinstance(row["thing"], ox.NamedNode))


def _rank(quad: ox.Quad) -> tuple[bool, str, str]:
    graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
    return (graph not in _CURATED, graph, str(quad.object))


def _settle(store: ox.Store, quads: list[ox.Quad]) -> None:
    kept = quads[0].object
    for quad in quads[1:]:
        if quad.object != kept:
            store.remove(quad)
            store.add(ox.Quad(quad.subject, _OTHER, quad.object, quad.graph_name))
