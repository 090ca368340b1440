"""The file of an interactive picture: what is in it, and that nothing in it runs but what we wrote."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from tests.export.networks import HOSTILE
from tests.export.pages import ALPHA, MARKUP, iri, known, network

from eventkg.export.interactive import columns, write
from eventkg.export.material import Name

if TYPE_CHECKING:
    from pathlib import Path

    from tests.export.pages import Event

    from eventkg import KnowledgeGraph


class Reader(HTMLParser):
    """What a browser would take for elements, and the text of each kind of element."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.setdefault(self._open[-1], []).append(data)


@pytest.fixture(scope="module")
def page() -> bytes:
    return write(*network(), chosen="actor turkey", snapshot="eventkg 0.1.0, store state 7")


def data_of(page: bytes) -> dict[str, Any]:
    text = page.decode().partition('<script type="application/json" id="data">')[2].partition("</script>")[0]
    found: dict[str, Any] = json.loads(text)
    return found


def test_only_our_own_script_and_style_are_in_the_file(page: bytes) -> None:
    found = Reader(page)
    scripts = [attributes for tag, attributes in found.elements if tag == "script"]
    assert scripts == [{"type": "application/json", "id": "data"}, {}]
    assert not [tag for tag, _ in found.elements if tag in {"img", "link", "iframe", "object", "base"}]
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]


def test_the_content_policy_allows_the_script_by_its_hash_and_no_connection(page: bytes) -> None:
    found = Reader(page)
    (policy,) = [a["content"] for tag, a in found.elements if tag == "meta" and "http-equiv" in a]
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["connect-src"] == "'none'"
    for rule, tag in (("script-src", "script"), ("style-src", "style")):
        body = found.texts[tag][-1].encode()
        assert rules[rule] == f"'sha256-{base64.b64encode(hashlib.sha256(body).digest()).decode()}'"


def test_the_data_hold_nothing_that_a_browser_takes_for_markup(page: bytes) -> None:
    (text, _) = Reader(page).texts["script"]
    assert not set("<>&") & set(text)
    assert MARKUP in json.loads(text)["nodes"]["label"]


def test_an_edge_leads_to_its_events_their_days_and_how_each_stands(page: bytes) -> None:
    data = data_of(page)
    nodes, ties, events = data["nodes"], data["ties"], data["events"]
    found = {}
    for tie, role in enumerate(ties["role"]):
        behind = range(ties["start"][tie], ties["start"][tie + 1])
        found[
            nodes["iri"][ties["source"][tie]], data["roles"][role]["name"], nodes["iri"][ties["target"][tie]]
        ] = [
            (data["prefix"] + events["iri"][event], events["first"][event], data["statuses"][standing])
            for event, standing in ((ties["event"][at], ties["standing"][at]) for at in behind)
        ]
    assert found == {
        ("urn:a", "together", "urn:b"): [(iri("spring"), "2016-03-01", "Uncontested")],
        ("urn:a", "together", "urn:d"): [(iri("joint"), "2017-01-22", "Contested")],
        ("urn:a", "against", "urn:c"): [
            (iri("spring"), "2016-03-01", "Uncontested"), (iri("undated"), "", "Uncontested"),
        ],
        ("urn:b", "against", "urn:c"): [
            (iri("spring"), "2016-03-01", "Uncontested"), (iri("campaign"), "2016-08-24", "Uncontested"),
        ],
    }  # fmt: skip


def test_the_foot_names_view_state_choice_licence_and_citation(page: bytes) -> None:
    words = page.decode().partition("<footer>")[2].partition("<details>")[0]
    for expected in (
        "https://w3id.org/eventkg/view/default", "actor turkey", "store state 7", "CC-BY-4.0",
        "Example Institute (2026)", "may not be passed on", "Raids &amp; &lt;b&gt;more",
    ):  # fmt: skip
        assert expected in words


def test_the_licences_of_what_is_bundled_are_in_the_file(page: bytes) -> None:
    told = " ".join(Reader(page).texts["pre"])
    for name in ("sigma 3.0.3 (MIT)", "graphology 0.26.0 (MIT)", "events 3."):
        assert name in told
    assert told.count("Permission is hereby granted") >= 3


def test_the_same_network_gives_the_same_bytes(page: bytes) -> None:
    assert page == write(*network(), chosen="actor turkey", snapshot="eventkg 0.1.0, store state 7")


@pytest.mark.parametrize("label", HOSTILE)
def test_any_label_is_kept_as_text(label: str) -> None:
    graph, behind = network()
    for data in graph.nodes.values():
        data["label"] = HOSTILE[label]
    page = write(graph, behind)
    assert [tag for tag, _ in Reader(page).elements].count("script") == 2
    (kept,) = set(data_of(page)["nodes"]["label"])
    assert not re.search("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", kept)
    assert kept.replace("\ufffd", "") or not HOSTILE[label]


def test_an_iri_of_a_stranger_is_kept_whole_and_ours_without_its_beginning() -> None:
    data = columns(*network())
    assert data["nodes"]["iri"] == ["urn:a", "urn:b", "urn:c", "urn:d"]
    assert set(data["events"]["iri"]) == {
        f"/event/example/{e}" for e in ("spring", "joint", "campaign", "undated")
    }


@pytest.mark.parametrize("kind", ["actor-event", "actor-actor", "actor-equipment", "event-place", "claims"])
def test_every_kind_of_the_bundled_graph_becomes_a_page(kind: str, kg: KnowledgeGraph) -> None:
    from eventkg.export.only import Only
    from eventkg.kg.drawing import network_behind

    graph, behind = network_behind(kg, kind, None, Only())
    data = data_of(write(graph, behind))
    assert len(data["nodes"]["iri"]) == len(graph) > 1
    assert len(data["ties"]["source"]) == graph.number_of_edges()
    weights = [max(1, b - a) for a, b in zip(data["ties"]["start"], data["ties"]["start"][1:], strict=False)]
    ties = sorted(graph.edges(keys=True, data=True), key=lambda tie: tie[:3])
    assert weights == [tie["weight"] for *_, tie in ties]
    assert {credit.source for credit in behind.credits} == {"seed"}
    assert all(label and not label.startswith("https") for label in data["events"]["label"])


@pytest.mark.parametrize(
    "event", [("", "", ()), ("2017-01-01", "2017-01-01", (("a", "performedBy", "Uncontested"),))]
)
def test_a_network_without_ties_is_a_page_too(event: Event) -> None:
    assert data_of(write(*network(material=known(x=event))))["nodes"]["iri"] == []


def test_a_kind_is_named_in_words() -> None:
    told = known()
    told.names["urn:a"] = Name(ALPHA, "http://example.org/Kind#X")  # type: ignore[index]
    names = [kind["name"] for kind in columns(*network(material=told))["kinds"]]
    assert names == ["armed force", "http://example.org/Kind#X"]


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (s / 12.92 if s <= 0.03928 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("inks", "least"), [(("ink", "soft", "accent", "contested"), 4.5), (("plain", "against", "rim"), 3)]
)
@pytest.mark.parametrize("ground", ["ground", "pane"])
def test_text_and_lines_stand_out_from_their_ground(
    scheme: str, inks: tuple[str, ...], least: float, ground: str, root: Path
) -> None:
    """WCAG 2.2, success criteria 1.4.3 and 1.4.11, level AA."""
    style = (root / "web" / "src" / "network" / "colours.css").read_text(encoding="utf-8")
    light, dark = style.partition("prefers-color-scheme: dark")[::2]
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", light if scheme == "light" else dark))
    for ink in inks:
        high, low = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= least, ink


def test_the_bundle_cannot_end_its_own_element() -> None:
    script = files("eventkg.export").joinpath("static", "network.js").read_text("utf-8")
    assert "</script" not in script.lower()
    assert "<!--" not in script
