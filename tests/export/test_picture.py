"""The picture of a network: the same for the same network, and drawn whatever the labels hold."""

from __future__ import annotations

import io
import itertools
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from PIL import Image
from tests.export.networks import HOSTILE, material, network, part

from eventkg.export import spread
from eventkg.export.behind import Credit
from eventkg.export.chart import Foot
from eventkg.export.network import actor_event, build
from eventkg.export.picture import draw, layout

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg import KnowledgeGraph

    Graph = nx.MultiDiGraph[str]

FOOT = ("View (whose world this is): urn:view", "Source: A. CC-BY-4.0")
SVG = "{http://www.w3.org/2000/svg}"


def isolated() -> Graph:
    """An actor without a part."""
    graph = network(part())
    graph.add_node("urn:lonely", label="Lonely", bipartite="actor", kind="Actor")
    return graph


def unlinked() -> Graph:
    """Nodes without an edge."""
    graph = network(part(), part(actor="urn:b", event="urn:f"))
    graph.remove_edges_from(list(graph.edges(keys=True)))
    return graph


def one_node(side: str) -> Graph:
    graph: Graph = nx.MultiDiGraph()
    graph.add_node("urn:x", label="Alone", bipartite=side, kind="x")
    return graph


NETWORKS = {
    "empty": network(),
    "one actor": one_node("actor"),
    "one event": one_node("event"),
    "one part": network(part()),
    "no edges": unlinked(),
    "isolated actor": isolated(),
    "two parts in one event": network(part(), part(role="target")),
    "no dates": network(part(), part(event="urn:f"), dated=False),
    "forty actors": network(*(part(actor=f"urn:a:{n}") for n in range(40))),
}


def picture(graph: Graph, form: str = "svg") -> bytes:
    stream = io.BytesIO()
    draw(graph, stream, form=form, foot=FOOT)
    return stream.getvalue()


def words(svg: bytes) -> str:
    return " ".join("".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text"))  # noqa: S314


@pytest.mark.slow
@pytest.mark.parametrize("form", ["svg", "png"])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_of_any_shape_is_drawn_the_same_twice(name: str, form: str) -> None:
    graph = NETWORKS[name]
    first = picture(graph, form)
    assert first == picture(graph, form)
    if form == "svg":
        assert all(
            label.split()[0] in words(first) for label in nx.get_node_attributes(graph, "label").values()
        )
    else:
        assert Image.open(io.BytesIO(first)).size[0] == 1800


@pytest.mark.slow
@pytest.mark.parametrize("form", ["svg", "png"])
@pytest.mark.parametrize("label", HOSTILE)
def test_any_label_is_drawn(label: str, form: str) -> None:
    text = HOSTILE[label]
    drawn = picture(network(part(), label=text), form)
    if form == "png":
        assert Image.open(io.BytesIO(drawn)).format == "PNG"
        return
    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(drawn).iter()}  # noqa: S314
    assert "script" not in tags
    assert "\u202e" not in words(drawn)


@pytest.mark.parametrize("label", ["markup", "right to left", "emoji", "formula", "percent and braces"])
def test_the_text_of_a_label_is_in_the_svg_as_text(label: str) -> None:
    drawn = words(picture(network(part(), label=HOSTILE[label]))).split()
    expected = HOSTILE[label].split()
    start = drawn.index(expected[0])
    assert drawn[start : start + len(expected)] == expected


def test_markup_in_a_label_is_escaped() -> None:
    svg = picture(network(part(), label="<script>alert(1)</script>"))
    assert b"<script" not in svg
    assert b"&lt;script&gt;" in svg


@pytest.mark.parametrize("size", [5, 29, 30, 31, 45, 60, 61, 100])
def test_a_long_label_is_wrapped_between_words(size: int) -> None:
    label = ("abcde " * 40)[:size].strip()
    svg = ET.fromstring(picture(network(part(), label=label)))  # noqa: S314
    lines = ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]
    found = [line for line in lines if line.startswith("abcde")]
    assert " ".join(found) == f"{label} {label}"
    assert max(map(len, found)) <= 30


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [part(actor=f"urn:a:{n}", event=f"urn:e:{n % 3}") for n in range(9)]
    assert picture(network(*rows)) == picture(network(*reversed(rows)))


def test_a_contested_part_looks_different() -> None:
    assert picture(network(part(status="Contested"))) != picture(network(part()))


@pytest.mark.parametrize("drawn", [draw, spread.draw])
def test_the_foot_stands_below_everything_else(drawn: Callable[..., None]) -> None:
    graph, out = network(part(), part("urn:b", role="target")), io.BytesIO()
    foot = Foot("urn:view", "since 2017-01-20", "eventkg 1", credits_of(3))
    drawn(graph, out, form="svg", foot=foot.lines())
    heights = {
        "".join(text.itertext()): float(
            text.attrib.get("y") or text.attrib["transform"].strip(")").split()[-1]
        )
        for text in ET.fromstring(out.getvalue()).iter(f"{SVG}text")  # noqa: S314
    }
    lines = [heights.pop(line) for line in foot.lines()]
    assert min(lines) > max(heights.values())


@pytest.mark.parametrize(
    ("number", "lines", "last"),
    [
        (12, 12, "Source: Data 11. CC-BY-4.0. Cited"),
        (14, 13, "Also: Data 12 (CC-BY-4.0), Data 13 (CC-BY-4.0)"),
        (500, 20, ", and 448 more"),
    ],
)
def test_of_many_sources_the_first_are_cited_and_the_others_named(number: int, lines: int, last: str) -> None:
    told = Foot("urn:view", credits=credits_of(number)).lines()[1:]
    assert len(told) <= lines
    assert told[-1].endswith(last)


def test_what_the_sources_cover_is_told_below_them_and_not_of_too_many() -> None:
    told = Foot("urn:view", covered=tuple(f"g{n} covers 2017" for n in range(14))).lines()[1:]
    assert told == [*(f"g{n} covers 2017" for n in range(12)), "And what 2 more cover"]


def credits_of(number: int) -> tuple[Credit, ...]:
    return tuple(Credit(f"g{n}", f"Data {n:02}", "CC-BY-4.0", "Cited") for n in range(number))


def test_a_picture_says_nothing_about_when_it_was_made() -> None:
    svg = picture(network(part())).decode()
    assert "<dc:date>" not in svg
    assert "202" not in words(svg.encode()).replace("2017", "")


def test_events_stand_in_the_middle_by_date_and_actors_beside_them() -> None:
    parts = (
        part(event="urn:second"), part(event="urn:first"), part("urn:target", "urn:first", "target"),
        part(event="urn:undated"),
    )  # fmt: skip
    days = {"urn:second": ("2017-01-22", "2017-01-22"), "urn:first": ("2017-01-21", "2017-01-21")}
    told = material(*parts, spans=days)
    graph = build(actor_event(told), told, ("actor", "event"))
    places = layout(graph)
    assert {node: x for node, (x, _) in places.items()} == {
        "urn:second": 0, "urn:first": 0, "urn:undated": 0, "urn:a": -1, "urn:target": 1,
    }  # fmt: skip
    assert places["urn:first"][1] > places["urn:second"][1]


def test_no_two_nodes_stand_in_one_place(kg: KnowledgeGraph) -> None:
    places = layout(kg.to_networkx())
    assert len(set(places.values())) == len(places) == len(kg.to_networkx())


def test_no_two_roles_of_the_bundled_network_hide_each_other(kg: KnowledgeGraph) -> None:
    roles = set(nx.get_edge_attributes(kg.to_networkx(), "role").values())
    svg = ET.fromstring(picture(kg.to_networkx()))  # noqa: S314
    spots = [
        (float(text.attrib["x"]), float(text.attrib["y"]))
        for text in svg.iter(f"{SVG}text")
        if "".join(text.itertext()) in roles
    ]
    assert len(spots) == kg.to_networkx().number_of_edges()
    for (x0, y0), (x1, y1) in itertools.combinations(spots, 2):
        assert abs(x0 - x1) > 40 or abs(y0 - y1) > 7  # points: half a role's width, the height of its letters


def test_a_picture_of_many_nodes_stays_within_what_a_png_may_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = network(*(part(actor=f"urn:a:{n}") for n in range(20)))
    assert Image.open(io.BytesIO(picture(graph, "png"))).size[1] > 1_500
    monkeypatch.setattr("eventkg.export.picture._TALLEST", 1_500)
    assert 1_400 < Image.open(io.BytesIO(picture(graph, "png"))).size[1] <= 1_500
