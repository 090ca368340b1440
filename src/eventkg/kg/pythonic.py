"""An answer of a worker as the objects that Python users expect."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.model.naming import PREFIXES
from eventkg.query.answers import Solutions

if TYPE_CHECKING:
    import rdflib

    from eventkg.query.job import Head


def to_python(head: Head, body: bytes) -> Solutions | bool | rdflib.Graph:
    """Rows of a SELECT, the truth of an ASK, a graph of the others."""
    if head.form == "boolean":
        return bool(json.loads(body)["boolean"])
    if head.form == "solutions":
        return Solutions.from_json(body)
    from eventkg.checking.graphs import to_rdflib  # rdflib takes longer to import than a query to answer

    graph = to_rdflib(ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph
