"""The same events through each side's eyes, wherever the graph is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import rdflib
from tests.conftest import serving

import eventkg
from eventkg.errors import QueryError, UsageError
from eventkg.kg.loading import Load, load
from eventkg.kg.views import KEPT
from eventkg.model.naming import BASE, GRAPH_DERIVED, VIEW
from eventkg.query.answers import Solutions
from eventkg.settings import Limits, resources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from eventkg import KnowledgeGraph
    from eventkg.kg.policies import View

MINISTRY, PENTAGON = "claimant/russian-defence-ministry", "claimant/pentagon"
PERFORMERS = "SELECT DISTINCT ?x { event:2017-01-22-al-bab-strike ekg:performedBy ?x }"
SENDERS = "SELECT DISTINCT ?x { event:2017-01-22-coordinates-transfer ekg:sender ?x }"
LEVELS = "SELECT ?x { event:us-russian-coordination ekg:coordinationLevel ?x }"
TARGETS = "SELECT ?x { ?event ekg:targetsStruck ?x }"
JETS = """SELECT ?x { event:2017-01-22-al-bab-strike ekg:hasFact ?p .
    ?p ekg:object actor:us-led-coalition ; ekg:count ?x }"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed in a store on disk."""
    directory: Path = tmp_path_factory.mktemp("views") / "store"
    seed = tuple(str(path) for path in sorted((resources() / "data" / "seed").glob("*.ttl")))
    load(directory, Load(seed), Limits())
    return directory


@pytest.fixture(scope="module", params=["bundled", "disk", "memory"])
def graph(request: pytest.FixtureRequest, kg: KnowledgeGraph, store: Path) -> Iterator[KnowledgeGraph]:
    """The same statements kept in three ways."""
    if request.param == "bundled":
        yield kg
        return
    with eventkg.open(store, request.param) as opened:
        yield opened


def short(graph: KnowledgeGraph, query: str, view: View | None = None) -> set[str]:
    answer = graph.query(query, view)
    assert isinstance(answer, Solutions)
    return {str(row["x"]).rpartition("/")[2] for row in answer}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("view", "query", "expected"),
    [
        ("default", PERFORMERS, {"russian-aerospace-forces"}),
        ("default", SENDERS, set()),
        ("default", LEVELS, set()),
        ("default", TARGETS, {"22"}),
        (MINISTRY, PERFORMERS, {"russian-aerospace-forces", "us-led-coalition"}),
        (MINISTRY, JETS, {"2"}),
        (MINISTRY, SENDERS, {"coalition-headquarters", "united-states"}),
        (MINISTRY, LEVELS, set()),
        (PENTAGON, PERFORMERS, {"russian-aerospace-forces"}),
        (PENTAGON, SENDERS, set()),
        (PENTAGON, LEVELS, {"none"}),
        ("corroborated", TARGETS, set()),
        ("corroborated", PERFORMERS, set()),
        ("all", PERFORMERS, {"russian-aerospace-forces", "us-led-coalition"}),
        ("all", LEVELS, {"none"}),
    ],
)
def test_a_side_sees_its_own_world(graph: KnowledgeGraph, view: str, query: str, expected: set[str]) -> None:
    assert short(graph, query, view) == expected


@pytest.mark.slow
def test_from_names_a_view_as_the_option_does(graph: KnowledgeGraph) -> None:
    query = PERFORMERS.replace("{", f"FROM <{VIEW}{MINISTRY}> {{", 1)
    assert short(graph, query) == short(graph, PERFORMERS, MINISTRY)


@pytest.mark.slow
def test_what_is_contested_is_marked_where_everything_is_adopted(kg: KnowledgeGraph) -> None:
    query = """SELECT ?x { ?p ekg:about event:2017-01-22-al-bab-strike ; ekg:predicate ekg:performedBy ;
        ekg:object actor:us-led-coalition ; ekg:status ?x }"""
    assert short(kg, query, "all") == {"ontology#Contested"}
    assert short(kg, query, MINISTRY) == {"ontology#Uncontested"}


@pytest.mark.slow
def test_a_partisan_view_does_not_leak(graph: KnowledgeGraph) -> None:
    before = graph.serialize("nq")
    assert b"view/default" in before
    short(graph, PERFORMERS, MINISTRY)
    short(graph, PERFORMERS, "all")
    assert short(graph, PERFORMERS) == {"russian-aerospace-forces"}
    assert graph.serialize("nq") == before


@pytest.mark.slow
@pytest.mark.parametrize("form", ["trig", "ttl", "jsonld", "rdfxml"])
def test_an_export_of_the_default_leaks_nothing_into_a_store_with_a_union_default_graph(
    form: str, kg: KnowledgeGraph
) -> None:
    short(kg, PERFORMERS, MINISTRY)
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=kg.serialize(form), format={"rdfxml": "xml", "jsonld": "json-ld"}.get(form, form))
    event, performed_by = (
        rdflib.URIRef(f"{BASE}id/event/2017-01-22-al-bab-strike"),
        rdflib.URIRef("https://w3id.org/eventkg/ontology#performedBy"),
    )
    found = {str(actor).rpartition("/")[2] for actor in dataset.objects(event, performed_by)}
    assert found == {"russian-aerospace-forces"}


@pytest.mark.slow
def test_an_export_of_a_view_holds_its_facts_and_its_name(graph: KnowledgeGraph) -> None:
    fact = (
        b"al-bab-strike> <https://w3id.org/eventkg/ontology#performedBy> <"
        + f"{BASE}id/actor/us-led".encode()
    )
    exported = graph.serialize("nq", ["derived"], MINISTRY)
    assert fact in exported
    assert f"policy> <{VIEW}{MINISTRY}>".encode() in exported
    assert f"policy> <{VIEW}default>".encode() not in exported
    assert fact not in graph.serialize("nq", ["derived"])
    assert graph.serialize("nq", ["seed"] if b"graph/seed" in exported else ["codes"], MINISTRY)


@pytest.mark.slow
def test_a_network_is_drawn_in_a_view(kg: KnowledgeGraph) -> None:
    def contested(view: str) -> set[str]:
        edges = kg.to_networkx(view=view).edges(data=True)
        return {actor.rpartition("/")[2] for actor, _, data in edges if data["contested"]}

    assert contested("default") == {"us-led-coalition", "coalition-headquarters", "united-states"}
    assert contested(MINISTRY) == set()
    assert contested("all") == contested("default")


@pytest.mark.slow
def test_more_views_than_are_kept_warm_all_answer(kg: KnowledgeGraph) -> None:
    speakers = [
        "sputnik",
        "interfax",
        "associated-press",
        "article-author",
        "pentagon",
        "russian-defence-ministry",
    ]
    assert len(speakers) > KEPT
    for _ in range(2):
        for speaker in speakers:
            assert "russian-aerospace-forces" in short(kg, PERFORMERS, f"claimant/{speaker}")


@pytest.mark.slow
def test_a_view_follows_the_store(store: Path, tmp_path: Path) -> None:
    claims = tmp_path / "more.ttl"
    claims.write_text(
        """@prefix ekg: <https://w3id.org/eventkg/ontology#> .
        @prefix claim: <https://w3id.org/eventkg/id/claim/> .
        @prefix actor: <https://w3id.org/eventkg/id/actor/> .
        @prefix p: <https://w3id.org/eventkg/id/proposition/> .
        claim:more a ekg:Claim ; ekg:claimant actor:turkey ; ekg:stance ekg:Asserts ;
            ekg:proposition p:2017-01-21-al-bab-strike-targets-struck-22 .
        actor:turkey a ekg:State .""",
        encoding="utf-8",
    )
    with eventkg.open(store) as opened:
        assert short(opened, TARGETS, "corroborated") == set()
        load(store, Load((str(claims),), graph="https://example.org/more"), Limits())
        assert short(opened, TARGETS, "corroborated") == {"22"}


@pytest.mark.slow
def test_a_view_of_a_store_on_disk_leaves_nothing_behind(store: Path) -> None:
    def copies() -> set[Path]:
        return set(store.parent.glob(f".{store.name}-view-*"))

    others = copies()  # of graphs that other tests still have open
    with eventkg.open(store, "disk") as opened:
        short(opened, PERFORMERS, "all")
        assert copies() - others
    assert copies() <= others


@pytest.mark.parametrize(
    ("view", "message"),
    [("mine", "one of default, corroborated, all"), ("claimant/nobody", "who says nothing here")],
)
def test_a_world_of_nobody_is_refused(kg: KnowledgeGraph, view: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        kg.query("ASK {}", view)


def test_two_views_at_once_are_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="one view alone"):
        kg.query(f"ASK FROM <{VIEW}all> {{}}", "corroborated")
    with pytest.raises(QueryError, match="stands alone in FROM"):
        kg.query(f"ASK FROM <{VIEW}all> FROM <{GRAPH_DERIVED}> {{}}")


def test_an_iri_of_a_view_in_a_string_is_no_view(kg: KnowledgeGraph) -> None:
    assert kg.query(f"ASK {{ FILTER('FROM <{VIEW}all>' != '') }}") is True


@pytest.mark.slow
@pytest.mark.parametrize("name", ["default", MINISTRY, "all"])
def test_a_view_over_http_is_named_in_the_answer(name: str, server: str) -> None:
    parameters = {"query": PERFORMERS, "default-graph-uri": VIEW + name}
    answer = httpx.get(f"{server}/sparql", params=parameters, timeout=30)
    assert answer.headers["eventkg-view"] == VIEW + name
    assert ("us-led-coalition" in answer.text) == (name != "default")


@pytest.mark.slow
def test_an_unknown_view_over_http_is_the_clients_fault(server: str) -> None:
    parameters = {"query": PERFORMERS, "default-graph-uri": f"{VIEW}claimant/nobody"}
    answer = httpx.get(f"{server}/sparql", params=parameters, timeout=30)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.slow
def test_a_server_on_a_store_serves_views(store: Path) -> None:
    with serving("-l", str(store)) as address:
        parameters = {"query": PERFORMERS, "default-graph-uri": VIEW + MINISTRY}
        assert "us-led-coalition" in httpx.get(f"{address}/sparql", params=parameters, timeout=30).text


def test_the_diff_of_the_default_is_empty(kg: KnowledgeGraph) -> None:
    from eventkg.claims.policy import DEFAULT
    from eventkg.claims.worlds import difference
    from eventkg.kg.sources import MemorySource
    from eventkg.store.bundled import bundled_quads

    store: ox.Store = MemorySource(bundled_quads()).store()
    assert difference(store, DEFAULT) == (b"", b"")
    assert short(kg, PERFORMERS)
