"""Totals in columns: an edge and a node are told what a person would count, one tie at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eventkg.export.material import CONTESTED, Material
from eventkg.export.network import Tie, build

ENDS, ROLES = ("a", "b", "c"), ("together", "against")
STATUSES = (CONTESTED, "Unsupported", "Uncontested", "Corroborated")  # from the worst to the best
EVENTS = ("e1", "e2", "e3", "e4")
SPANS = {"e1": ("2017-01-02", "2017-01-03"), "e2": ("2016-12-31", "2017-01-01"), "e3": ("2017-01-02", "")}
SOURCES = {"e1": ("seed",), "e2": ("seed", "user"), "e4": ("gtd",)}

ties = st.builds(
    Tie,
    st.sampled_from(ENDS),
    st.sampled_from(ENDS),
    st.sampled_from(ROLES),
    st.sampled_from(EVENTS),
    st.sampled_from(STATUSES),
)


def counted(found: list[Tie], number: str) -> dict[str, str | int | bool]:
    """By definition: of these ties."""
    events = {tie.event for tie in found}
    doubted = {tie.event for tie in found if tie.status == CONTESTED}
    spans = [SPANS[event] for event in events if event in SPANS]
    told: dict[str, str | int | bool] = {
        number: len(events),
        "contested_events": len(doubted),
        "contested": all(tie.status == CONTESTED for tie in found),
        "status": max((tie.status for tie in found), key=STATUSES.index),
    }
    if spans:
        told["first"] = min(start for start, _ in spans)
        if all(end for _, end in spans):  # what has no end goes on
            told["last"] = max(end for _, end in spans)
    if sources := sorted({source for event in events for source in SOURCES.get(event, ())}):
        told["sources"] = " ".join(sources)
    return told


@given(st.lists(ties, max_size=25))
def test_edges_and_nodes_are_told_what_their_ties_come_to(found: list[Tie]) -> None:
    network = build(iter(found), Material(spans=SPANS, sources=SOURCES))
    edges = {tie[:3] for tie in found}
    assert set(network.edges(keys=True)) == edges
    for edge in edges:
        behind = [tie for tie in found if tie[:3] == edge]
        known = dict(network.edges[edge])
        assert known.pop("event_list") == " ".join(sorted({tie.event for tie in behind}))
        assert (known.pop("role"), abs(known.pop("sign"))) == (edge[2], 1)
        assert known == counted(behind, "weight")
    for node, known in network.nodes(data=True):
        told = {name: value for name, value in known.items() if name not in {"label", "kind"}}
        assert told == counted([tie for tie in found if node in tie[:2]], "events")


@given(st.lists(ties, max_size=12), st.frozensets(st.sampled_from(EVENTS)))
def test_ties_of_other_events_leave_no_trace(found: list[Tie], events: frozenset[str]) -> None:
    material = Material(spans=SPANS, sources=SOURCES)
    chosen = build(found, material, events=events)
    alone = build([tie for tie in found if tie.event in events], material)
    assert list(chosen.nodes(data=True)) == list(alone.nodes(data=True))
    assert list(chosen.edges(keys=True, data=True)) == list(alone.edges(keys=True, data=True))


def test_a_tie_without_an_event_counts_as_one_tie_and_no_event() -> None:
    network = build([Tie("a", "f-16", "operates", "", "Uncontested")], Material(), ("actor", "equipment"))
    assert network.edges["a", "f-16", "operates"]["weight"] == 1
    assert network.nodes["a"]["events"] == 0
    assert network.nodes["a"]["bipartite"] == "actor"
    assert network.nodes["f-16"]["bipartite"] == "equipment"
