"""Views of an endpoint that somebody else writes to meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from eventkg.errors import TimeLimitError
from eventkg.kg import sources
from eventkg.kg.graph import KnowledgeGraph
from eventkg.kg.sources import RemoteEngine
from eventkg.model.naming import EKG, PREFIXES
from eventkg.query.job import Head
from eventkg.serve.background import Background
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.query.job import Job

_CLAIMS = """
@prefix ekg: <https://w3id.org/eventkg/ontology#> . @prefix : <urn:x:> .
:g { :p a ekg:Proposition ; ekg:about :e ; ekg:predicate ekg:strikeCount ; ekg:value 7 .
     :c a ekg:Claim ; ekg:claimant :a ; ekg:stance ekg:Asserts ; ekg:proposition :p . }
"""
_ASSERTS, _DENIES = ox.NamedNode(f"{EKG}Asserts"), ox.NamedNode(f"{EKG}Denies")
_FACT = "ASK { <urn:x:e> ekg:strikeCount 7 }"


@dataclass
class Endpoint:
    """An endpoint in this process, which counts what it is asked; `slow` ones never answer in time."""

    store: ox.Store = field(default_factory=ox.Store)
    asked: int = 0
    slow: bool = False
    limits: Limits = field(default_factory=Limits)

    def alive(self) -> bool:
        return True

    def close(self) -> None:
        """There is nothing to end."""

    def ask(self, job: Job) -> tuple[Head, bytes]:
        self.asked += 1
        if self.slow:
            raise TimeLimitError(1.0, 1.0)
        answer: Any = self.store.query(job.query, prefixes=PREFIXES, use_default_graph_as_union=True)
        return Head("solutions", "", -1), answer.serialize(format=ox.QueryResultsFormat.JSON)

    def engine(self, limits: Limits) -> Any:
        made: Any = self
        return RemoteEngine(lambda: made, lambda: self.store, limits)


@pytest.fixture
def endpoint() -> Endpoint:
    found = Endpoint()
    found.store.load(_CLAIMS.encode(), format=ox.RdfFormat.TRIG)
    return found


@pytest.fixture
def graph(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[KnowledgeGraph]:
    """It looks before each question whether the endpoint has changed."""
    monkeypatch.setattr(sources, "LOOK_S", 0.0)
    source: Any = endpoint
    with KnowledgeGraph(source, Limits()) as opened:
        yield opened


def _stance(store: ox.Store, before: ox.NamedNode, after: ox.NamedNode) -> None:
    """As many statements as before, of which one is another."""
    (said,) = store.quads_for_pattern(None, ox.NamedNode(f"{EKG}stance"), before)
    store.remove(said)
    store.add(ox.Quad(said.subject, said.predicate, after, said.graph_name))


def test_a_view_of_an_endpoint_follows_what_is_written_there(
    graph: KnowledgeGraph, endpoint: Endpoint
) -> None:
    assert graph.query(_FACT, "all") is True
    _stance(endpoint.store, _ASSERTS, _DENIES)
    assert graph.query(_FACT, "all") is False
    (quad, *_) = endpoint.store.quads_for_pattern(None, ox.NamedNode(f"{EKG}proposition"), None)
    endpoint.store.add(ox.Quad(ox.NamedNode("urn:x:c2"), quad.predicate, quad.object, quad.graph_name))
    for name, value in (("stance", f"{EKG}Asserts"), ("claimant", "urn:x:b")):
        said = (ox.NamedNode(EKG + name), ox.NamedNode(value))
        endpoint.store.add(ox.Quad(ox.NamedNode("urn:x:c2"), *said, quad.graph_name))
    claim = (ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(f"{EKG}Claim"))
    endpoint.store.add(ox.Quad(ox.NamedNode("urn:x:c2"), *claim, quad.graph_name))
    assert graph.query(_FACT, "all") is True


def test_an_endpoint_is_not_asked_before_each_question(
    graph: KnowledgeGraph, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LOOK_S", float("inf"))
    graph.query(_FACT, "all")
    asked = endpoint.asked
    _stance(endpoint.store, _ASSERTS, _DENIES)
    assert (graph.query(_FACT, "all"), endpoint.asked) == (True, asked)


def test_a_view_of_an_endpoint_that_cannot_count_in_time_stays_as_it_is(
    graph: KnowledgeGraph, endpoint: Endpoint
) -> None:
    assert graph.query(_FACT, "all") is True
    endpoint.slow = True
    _stance(endpoint.store, _ASSERTS, _DENIES)
    assert graph.query(_FACT, "all") is True


def test_an_old_view_of_an_endpoint_is_made_again(
    graph: KnowledgeGraph, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert graph.query(_FACT, "all") is True
    endpoint.slow = True
    _stance(endpoint.store, _ASSERTS, _DENIES)
    monkeypatch.setattr(sources, "RENEW_S", 1e-9)  # whatever was looked at is older
    assert graph.query(_FACT, "all") is False


def test_what_is_made_of_an_endpoint_and_kept_belongs_to_what_it_holds(
    graph: KnowledgeGraph, endpoint: Endpoint
) -> None:
    made: Background[str, Any] = Background(graph, lambda graph, view: graph.query(_FACT, view))
    assert made.get("all", 60) is True
    _stance(endpoint.store, _ASSERTS, _DENIES)
    assert made.get("all", 60) is False
