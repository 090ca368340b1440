"""Networks: what ties whom, what stands behind a tie, and which events count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.export.networks import material, network, part

from eventkg.errors import UsageError
from eventkg.export.material import Material, Site, Use
from eventkg.export.network import KINDS, actor_equipment, build, kind_of
from eventkg.export.only import Only
from eventkg.model.naming import entity

if TYPE_CHECKING:
    import networkx as nx

    from eventkg import KnowledgeGraph

    Graph = nx.MultiDiGraph[str]

RAF, TURKEY, COALITION, DAESH, SPUTNIK, MINISTRY, PENTAGON = (
    entity("actor", name)
    for name in (
        "russian-aerospace-forces", "turkish-air-force", "us-led-coalition", "daesh", "sputnik",
        "russian-defence-ministry", "pentagon",
    )
)  # fmt: skip
STRIKE_21, STRIKE_22 = (entity("event", f"2017-01-{day}-al-bab-strike") for day in (21, 22))


def ties(graph: Graph) -> set[tuple[str, str, str]]:
    return {(source, data["role"], target) for source, target, data in graph.edges(data=True)}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([part("a"), part("b")], {("a", "together", "b")}, id="two who act"),
        pytest.param([part("b"), part("a", role="supportedBy")], {("a", "together", "b")}, id="one supports"),
        pytest.param([part("a"), part("b", role="target")], {("a", "against", "b")}, id="one is struck"),
        pytest.param([part("a"), part("a", role="supportedBy")], set(), id="nobody acts with itself"),
        pytest.param(
            [part("a", role="sideA"), part("b", role="sideB")], {("a", "opposed", "b")}, id="two parties"
        ),
        pytest.param([part("a"), part("b", role="sideB")], set(), id="a party is not a target"),
        pytest.param(
            [part("a", role="sender"), part("b", role="recipient")], {("a", "transfer", "b")}, id="a transfer"
        ),
        pytest.param([part("a", "e"), part("b", "f")], set(), id="two events"),
    ],
)  # fmt: skip
def test_parts_in_one_event_tie_actors(parts: list[Any], expected: set[tuple[str, str, str]]) -> None:
    assert ties(network(*parts, kind="actor-actor")) == expected


def test_events_behind_a_tie_are_counted_and_listed() -> None:
    graph = network(*(part(actor, f"urn:e{n}") for n in range(3) for actor in "ab"), kind="actor-actor")
    (data,) = (data for *_, data in graph.edges(data=True))
    assert (data["weight"], data["event_list"], data["sign"]) == (3, "urn:e0 urn:e1 urn:e2", 1)
    assert (data["first"], data["last"], graph.nodes["a"]["events"]) == ("2017-01-22", "2017-01-22", 3)


@pytest.mark.parametrize(
    ("statuses", "contested", "number", "status"),
    [
        (["Uncontested", "Uncontested"], False, 0, "Uncontested"),
        (["Contested", "Contested"], True, 2, "Contested"),
        (["Contested", "Uncontested"], False, 1, "Uncontested"),
        (["Corroborated", "Uncontested"], False, 0, "Corroborated"),
    ],
)
def test_a_tie_is_contested_where_every_event_of_it_is(
    statuses: list[str], contested: bool, number: int, status: str
) -> None:
    parts = [part("a", f"urn:e{n}", status=status) for n, status in enumerate(statuses)]
    parts += [part("b", f"urn:e{n}", status="Corroborated") for n in range(len(statuses))]
    (data,) = (data for *_, data in network(*parts, kind="actor-actor").edges(data=True))
    assert (data["contested"], data["contested_events"], data["status"]) == (contested, number, status)


def test_what_one_side_contests_is_contested_for_both_ends() -> None:
    graph = network(part("a"), part("b", status="Contested"), kind="actor-actor")
    assert [data["contested"] for *_, data in graph.edges(data=True)] == [True]


@pytest.mark.parametrize(
    ("parts", "use", "expected"),
    [
        ([part("a")], Use("urn:e", "f-16", "", ""), {("a", "used", "f-16")}),
        ([part("a"), part("b")], Use("urn:e", "f-16", "", ""), set()),
        ([part("a"), part("b")], Use("urn:e", "f-16", "b", "Uncontested"), {("b", "used", "f-16")}),
        ([part("a", role="sideA")], Use("urn:e", "f-16", "", ""), set()),
    ],
    ids=["flown by the only one", "flown by one of two", "said by whom", "a party did not fly"],
)
def test_equipment_is_tied_to_whom_it_is_said_of(
    parts: list[Any], use: Use, expected: set[tuple[str, str, str]]
) -> None:
    told = material(*parts, uses=(use,))
    assert ties(build(actor_equipment(told), told, ("actor", "equipment"))) == expected


def test_what_an_actor_operates_needs_no_event() -> None:
    told = material(operators=(("a", "su-34"),))
    graph = build(actor_equipment(told), told, ("actor", "equipment"))
    assert graph.get_edge_data("a", "su-34")["operates"]["weight"] == 1
    assert graph.nodes["a"]["events"] == 0


PLACED = Material(
    parts=(part("a", "january"), part("b", "february"), part("a", "undated"), part("b", "endless")),
    spans={"january": ("2017-01-01", "2017-01-31"), "february": ("2017-02-01", "2017-02-28"),
           "endless": ("2016-08-24", "")},
    sites={"january": (Site("al-bab", "near", ""),), "february": (Site("raqqa", "in", ""),)},
    within={"al-bab": frozenset({"aleppo", "syria"}), "raqqa": frozenset({"syria"})},
    sources={"january": ("seed",), "february": ("ucdp-ged", "seed")},
)  # fmt: skip


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (Only(), None),
        (Only(since="2017-01-31"), {"january", "february", "endless"}),
        (Only(since="2017-02-01"), {"february", "endless"}),
        (Only(until="2017-01-31"), {"january", "endless"}),
        (Only(since="2017-03-01"), {"endless"}),
        (Only(places=frozenset({"aleppo"})), {"january"}),
        (Only(places=frozenset({"syria"})), {"january", "february"}),
        (Only(places=frozenset({"al-bab", "raqqa"})), {"january", "february"}),
        (Only(actors=frozenset({"a"})), {"january", "undated"}),
        (Only(sources=frozenset({"ucdp-ged"})), {"february"}),
        (Only(since="2017-02-01", actors=frozenset({"a"})), set()),
    ],
)
def test_events_are_chosen_by_time_place_actor_and_source(only: Only, expected: set[str] | None) -> None:
    assert only.events(PLACED) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_network_can_be_made_of_the_bundled_graph(kind: str, kg: KnowledgeGraph) -> None:
    graph = kg.to_networkx(kind)
    assert graph.number_of_edges() > 3
    assert all(data["label"] and data["kind"] for _, data in graph.nodes(data=True))


@pytest.mark.parametrize(
    ("kind", "tie", "expected"),
    [
        ("actor-actor", (RAF, TURKEY, "together"), {"weight": 2, "contested": False, "sign": 1}),
        ("actor-actor", (RAF, COALITION, "together"), {"weight": 1, "contested": True, "sign": 1}),
        ("actor-actor", (COALITION, DAESH, "against"), {"weight": 2, "contested_events": 1}),
        ("actor-equipment", (RAF, entity("equipment", "su-34"), "used"), {"status": "Uncontested"}),
        ("event-place", (STRIKE_21, entity("place", "al-bab"), "near"), {"weight": 1}),
        ("claims", (SPUTNIK, MINISTRY, "relays"), {"weight": 4}),
        ("claims", (PENTAGON, MINISTRY, "contradicts"), {"sign": -1}),
        ("actor-event", (COALITION, STRIKE_22, "performedBy"), {"contested": True}),
    ],
)  # fmt: skip
def test_the_article_is_in_the_networks(
    kind: str, tie: tuple[str, str, str], expected: dict[str, object], kg: KnowledgeGraph
) -> None:
    data = kg.to_networkx(kind).get_edge_data(*tie)
    assert {name: data[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("default", True),
        ("claimant/russian-defence-ministry", False),
        ("claimant/pentagon", True),
        ("all", True),
    ],
)
def test_a_tie_is_contested_as_the_view_has_it(view: str, expected: bool, kg: KnowledgeGraph) -> None:
    data = kg.to_networkx("actor-actor", view).get_edge_data(RAF, COALITION, "together")
    assert data["contested"] is expected


def test_equipment_has_its_symbol(kg: KnowledgeGraph) -> None:
    graph = kg.to_networkx("actor-equipment")
    assert len(graph.nodes[entity("equipment", "su-34")]["symbol"]) == 20


def test_a_node_says_how_its_ties_stand() -> None:
    graph = network(part("a"), part("b", "f", status="Contested"), part("a", "f", status="Corroborated"))
    told = {
        node: (data["contested"], data["contested_events"], data["status"])
        for node, data in graph.nodes(data=True)
    }
    assert told["a"] == (False, 0, "Corroborated")
    assert told["b"] == (True, 1, "Contested")
    assert told["f"] == (False, 1, "Corroborated")


def test_the_network_of_a_window_holds_its_events_alone(kg: KnowledgeGraph) -> None:
    graph = kg.to_networkx("actor-actor", only=Only(since="2017-01-21", until="2017-01-21"))
    lists = {event for *_, data in graph.edges(data=True) for event in data["event_list"].split()}
    assert lists == {STRIKE_21, entity("event", "euphrates-shield")}


@pytest.mark.parametrize("kind", ["", "actors", "Actor-Event"])
def test_an_unknown_kind_is_named_with_those_there_are(kind: str) -> None:
    with pytest.raises(UsageError, match=f"network kind {kind!r} found, one of actor-event, actor-actor, "):
        kind_of(kind)
