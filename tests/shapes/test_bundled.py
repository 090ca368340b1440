"""The graph that comes with the package against the shapes that come with it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from eventkg.checking.graphs import read_shapes, to_rdflib
from eventkg.checking.pyshacl_engine import check
from eventkg.claims.writing import rederive
from eventkg.model.naming import EKG, EKGS
from eventkg.settings import resources
from eventkg.store.bundled import bundled_quads


@pytest.fixture(scope="module")
def bundled() -> ox.Store:
    store = ox.Store()
    store.extend(bundled_quads())
    return store


@pytest.mark.parametrize("derived", [False, True], ids=["curated claims alone", "with derived facts"])
def test_the_bundled_graph_has_no_finding(bundled: ox.Store, derived: bool) -> None:
    store = ox.Store()
    store.extend(bundled)
    if derived:
        rederive(store)
    assert check(to_rdflib(store), read_shapes(resources() / "shapes")).findings == ()


def test_a_contested_claim_written_as_a_fact_is_found_in_the_bundled_graph(bundled: ox.Store) -> None:
    store = ox.Store()
    store.extend(bundled)
    rederive(store)
    proposition, *_ = sorted(
        found.value for found in _subjects(store, "status", ox.NamedNode(f"{EKG}Contested"))
    )
    event, predicate, value = (_object(store, proposition, name) for name in ("about", "predicate", "object"))
    store.add(ox.Quad(event, predicate, value))
    findings = check(to_rdflib(store), read_shapes(resources() / "shapes")).findings
    assert (f"{EKGS}Proposition-contested", proposition) in {(found.shape, found.focus) for found in findings}


def _subjects(store: ox.Store, name: str, value: ox.NamedNode) -> list[ox.NamedNode]:
    quads = store.quads_for_pattern(None, ox.NamedNode(f"{EKG}{name}"), value)
    return [quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)]


def _object(store: ox.Store, subject: str, name: str) -> ox.NamedNode:
    quad, *_ = store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(f"{EKG}{name}"), None)
    assert isinstance(quad.object, ox.NamedNode)
    return quad.object
