"""The SPARQL page in a browser: writing, asking, reading, taking away."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import NARROW, WIDE, axe, fits

from eventkg.query.named import examples

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Shot, Visit

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
TIES = (
    "SELECT ?who ?whom (COUNT(?e) AS ?times) "
    "{ ?e ekg:performedBy ?who ; ekg:target ?whom } GROUP BY ?who ?whom"
)


def ready(page: Page) -> Page:
    page.wait_for_selector("html[data-ready]")
    return page


def write(page: Page, query: str) -> None:
    """By the keyboard, as a person does: nothing completes it."""
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(query)


def asked(page: Page, query: str) -> None:
    write(page, query)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")


def test_the_editor_asks_and_the_answer_is_a_table_with_types_and_links(visit: Visit, shot: Shot) -> None:
    page = ready(visit("/sparql"))
    asked(page, 'SELECT ?e ?day ("x"@en AS ?l) { ?e a ekg:AirStrike ; ekg:earliestStart ?day } ORDER BY ?day')
    expect(page.locator("#asking [role=status]")).to_have_text(re.compile(r"^\d+ rows in [\d.]+ s\.$"))
    row = page.locator("#answer tbody tr").first
    expect(row.locator("a")).to_have_attribute("href", re.compile("^/page/event/2017-01-18"))
    expect(row.locator(".type").first).to_have_text("xsd:date")
    expect(row.locator("[lang=en]")).to_have_text("x")
    assert parse_qs(urlsplit(page.url).query)["query"][0].startswith("SELECT ?e ?day")
    shot(page, "sparql")


def test_the_address_is_a_link_to_the_answer_in_the_world_in_force(visit: Visit) -> None:
    query = "SELECT ?who { event:2017-01-22-al-bab-strike ekg:performedBy ?who }"
    found = {}
    for view in ("default", "claimant/russian-defence-ministry"):
        page = ready(visit(f"/sparql?view={view}&query={quote(query)}"))
        before = page.locator("#answer tbody tr").count()
        page.keyboard.press("ControlOrMeta+Home")
        page.get_by_role("button", name="Ask").click()
        expect(page.locator("#asking [role=status]")).to_contain_text(" in ")
        found[view] = page.locator("#answer tbody tr").count()
        assert before == found[view]
        if view != "default":
            expect(page.locator("#answer a").first).to_have_attribute("href", re.compile("view=claimant"))
            assert "view=claimant" in page.url
    assert found == {"default": 1, "claimant/russian-defence-ministry": 2}


def test_what_the_server_has_rendered_is_sorted_and_charted_without_asking_again(visit: Visit) -> None:
    page = visit(f"/sparql?query={quote('SELECT ?x { VALUES ?x { 10 9 100 } }')}")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.method))
    ready(page)
    column = page.get_by_role("button", name="x", exact=True)
    column.click()
    expect(page.locator("#answer td span")).to_have_text(["9", "10", "100"])
    expect(page.locator("#answer th")).to_have_attribute("aria-sort", "ascending")
    column.click()
    expect(page.locator("#answer td span")).to_have_text(["100", "10", "9"])
    page.get_by_role("button", name="Chart").click()
    expect(page.locator(".bar-chart .number")).to_have_text(["10", "9", "100"])
    assert "POST" not in requests


def test_two_columns_of_iris_are_drawn_as_the_network_picture(visit: Visit, shot: Shot) -> None:
    page = ready(visit("/sparql"))
    asked(page, TIES)
    page.get_by_role("button", name="Chart").click()
    page.wait_for_selector("html[data-drawn]")
    expect(page.locator("#counts")).to_have_text(re.compile(r"^\d+ nodes, \d+ ties shown$"))
    page.fill("#search", "daesh")
    page.keyboard.press("Enter")
    expect(page.locator("#details h2")).to_have_text("daesh")
    shot(page, "sparql-chart")
    page.get_by_role("button", name="Table").first.click()
    expect(page.locator("#answer tbody tr").first).to_be_visible()


def test_a_mistake_is_marked_at_its_line(visit: Visit, shot: Shot) -> None:
    query = "SELECT * {\n  ?s ?p ?o\n  oops oops }"
    page = ready(visit(f"/sparql?query={quote(query)}", status=400))
    expect(page.get_by_role("alert")).to_contain_text("line 3")
    marker = page.locator(".cm-lint-marker-error")
    expect(marker).to_have_count(1)
    place, wanted = marker.bounding_box(), page.locator(".cm-line").nth(2).bounding_box()
    assert place
    assert wanted
    assert abs(place["y"] - wanted["y"]) < wanted["height"]
    shot(page, "sparql-mistake")
    write(page, "SELECT * { ?s nope:x ?o }")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.get_by_role("alert")).to_contain_text("a prefix that is not declared")


OFFERED = {
    "ASK { ?e a ekg:AirS": "ekg:AirStrike",
    "ASK { ?e ekg:perf": "ekg:performedBy",
    "ASK { ?e air": "ekg:AirStrike",
    "ASK { ?e sko": "skos:",
    "SELECT ?event { ?ev": "?event",
}


def test_the_editor_completes_what_the_graph_declares(visit: Visit) -> None:
    page = ready(visit("/sparql"))
    for typed, offered in OFFERED.items():
        write(page, typed[:-1])
        page.keyboard.type(typed[-1])
        page.keyboard.press("Control+Space")
        option = page.locator("[role=option]").filter(has_text=offered).first
        expect(option).to_be_visible()
        if offered == "ekg:AirStrike":
            expect(option).to_contain_text("air strike")
        page.keyboard.press("Escape")
        expect(option).to_have_count(0)


def test_the_keyboard_can_leave_the_editor(visit: Visit) -> None:
    page = ready(visit("/sparql"))
    inside = "document.activeElement.closest('.editor') !== null"
    page.locator(".cm-content").click()
    assert page.evaluate(inside)
    page.keyboard.press("Tab")
    assert not page.evaluate(inside)
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ask")).to_be_focused()


def test_markup_in_an_answer_and_in_an_iri_is_text(visit: Visit, shot: Shot) -> None:
    page = ready(visit("/sparql"))
    query = (
        f"SELECT ?x ?y ?z {{ VALUES (?x ?y) {{ ({json.dumps(HOSTILE)} {json.dumps(HOSTILE)}@en) }} "
        f'BIND(IRI("urn:{HOSTILE}") AS ?z) }}'
    )
    asked(page, query)
    expect(page.locator("#answer td").first).to_have_text(HOSTILE)
    page.get_by_role("button", name="As it came").click()
    expect(page.locator("#answer pre")).to_contain_text("onerror")
    assert page.locator("#answer img, #answer td script").count() == 0
    label = json.dumps(HOSTILE)
    asked(
        page,
        f"SELECT ?a ?aLabel ?b {{ VALUES (?a ?aLabel ?b) {{ (<urn:a> {label} <javascript:alert(3)>) }} }}",
    )
    page.get_by_role("button", name="Table").first.click()
    assert page.locator("#answer td a").count() == 0
    page.get_by_role("button", name="Chart").click()
    page.wait_for_selector("html[data-drawn]")
    page.click("#as-table")
    expect(page.locator("#table td").first).to_contain_text("onerror")
    shot(page, "sparql-hostile")


def test_a_large_answer_is_read_in_part_and_said_to_be(visit: Visit) -> None:
    page = ready(visit("/sparql"))
    asked(page, "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 50000")
    expect(page.locator("#asking [role=status]")).to_have_text(
        re.compile(r"^The first 10,000 rows in .*; a download has them all\.$")
    )
    assert page.locator("#answer tbody tr").count() == 100
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".turning")).to_contain_text("rows 101 to 200 of 10,000")
    page.get_by_role("button", name="s", exact=True).click()
    expect(page.locator(".turning")).to_contain_text("rows 1 to 100 of 10,000")


def test_a_query_can_be_cancelled_and_the_limit_is_shown(visit: Visit) -> None:
    page = ready(visit("/sparql"))
    expect(page.locator(".tools")).to_contain_text("An answer may take 60 s")
    write(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".state")).to_contain_text("of at most 60 s")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#asking [role=status]")).to_contain_text("Cancelled after")
    asked(page, "ASK { }")
    expect(page.locator("#answer pre")).to_have_text("yes")


TAKEN = {
    "SELECT ?e { ?e a ekg:AirStrike }": {"CSV": "e\n", "TSV": "?e\n", "JSON": '{"head"', "XML": "<?xml"},
    "CONSTRUCT { ?e a ekg:X } { ?e a ekg:AirStrike }": {"Turtle": "@prefix", "N-Triples": "<http"},
}


def test_each_format_can_be_taken_away(visit: Visit) -> None:
    page = ready(visit("/sparql?view=all"))
    for query, formats in TAKEN.items():
        asked(page, query)
        for name, begin in formats.items():
            with page.expect_download() as waiting:
                page.locator("#answer").get_by_role("button", name=name, exact=True).click()
            assert begin in waiting.value.path().read_text(encoding="utf-8")


def test_history_is_kept_where_the_browser_allows_it_and_can_be_forgotten(visit: Visit) -> None:
    page = ready(visit("/sparql"))
    asked(page, "# Is there anything?\nASK { ?s ?p ?o }")
    page.goto(page.url.partition("?")[0])
    ready(page)
    page.locator(".history summary").click()
    page.get_by_role("button", name="Is there anything?").click()
    expect(page.locator(".cm-content")).to_contain_text("ASK { ?s ?p ?o }")
    page.get_by_role("button", name="Forget them").click()
    expect(page.locator(".history")).to_have_count(0)


def test_without_storage_the_page_works(visit: Visit) -> None:
    page = visit("/docs")  # any page of the same window
    page.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })"
    )
    page.goto(page.url.replace("/docs", "/sparql"))
    ready(page)
    asked(page, "ASK { }")
    expect(page.locator("#answer pre")).to_have_text("yes")


def test_without_a_script_the_form_asks_and_the_server_renders(visit: Visit, shot: Shot) -> None:
    page = visit("/sparql?view=claimant/russian-defence-ministry", java_script_enabled=False)
    page.fill("#query", "SELECT ?who { event:2017-01-22-al-bab-strike ekg:performedBy ?who }")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#answer tbody tr")).to_have_count(2)
    assert "view=claimant" in page.url
    shot(page, "sparql-without-script")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    assert waiting.value.path().read_text().count("actor/") == 2


@pytest.mark.parametrize(("scheme", "screen"), [("light", WIDE), ("dark", NARROW)])
def test_axe_finds_nothing_and_nothing_has_to_be_scrolled_sideways(
    scheme: str, screen: dict[str, int], visit: Visit, shot: Shot
) -> None:
    page = ready(visit(f"/sparql?query={quote(examples()[3])}", color_scheme=scheme, viewport=screen))
    assert axe(page) == []
    assert fits(page)
    shot(page, f"sparql-{scheme}")
    asked(page, TIES if scheme == "light" else "SELECT ?a (1 AS ?n) { VALUES ?a { 'x' 'ش' } }")
    page.get_by_role("button", name="Chart").click()
    page.wait_for_selector("html[data-drawn]" if scheme == "light" else ".bar-chart")
    assert axe(page) == []
    assert fits(page)
    shot(page, f"sparql-chart-{scheme}")
