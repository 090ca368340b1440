"""The explorer over many synthetic events, with the seed among them: each page's main journey.

EVENTKG_TEST_EVENTS=1000 .venv/bin/pytest tests/browser/test_size.py

asks for fewer, which is quicker. All journeys share one server over one store, in the order in which a person
would come by: what is counted once for a state is counted by then.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from benchmarks.generator import flown, quads
from playwright.sync_api import expect
from tests.browser.conftest import axe, fits
from tests.conftest import serving

from eventkg.kg.loading import Load, load
from eventkg.search.asked import Asked
from eventkg.settings import Limits, resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page
    from tests.browser.conftest import Shot, Visit

    from eventkg import KnowledgeGraph

EVENTS = int(os.environ.get("EVENTKG_TEST_EVENTS", "100000"))
CONTESTED = 0.1  # of them
JAN_22 = "/page/event/2017-01-22-al-bab-strike"
MOST_HEAP = 300_000_000  # bytes of a page's scripts
SOON = 600_000  # milliseconds until all is counted, on a busy machine
PATIENCE_S = 3600
pytestmark = [pytest.mark.timeout(PATIENCE_S)]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a store of so many events and the seed."""
    folder = tmp_path_factory.mktemp("many")
    file = folder / "events.nq"
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(quads(EVENTS, CONTESTED))
        stream.writelines(flown(EVENTS))
    seed = sorted(map(str, (resources() / "data" / "seed").glob("*.ttl")))
    request = Load((str(file), *seed), validate=False)  # the page of it does
    load(folder / "store", request, Limits(timeout_s=PATIENCE_S, memory_mb=8192))
    file.unlink()
    with serving("-l", str(folder / "store"), "--timeout-s", "120", "--memory-mb", "2048") as address:
        yield address


@pytest.fixture(scope="module")
def all_of_them(kg: KnowledgeGraph) -> int:
    """The number of events in the list, with those that are only spoken of; the seed's are counted in it."""
    kg.finder.wait(kg.policy())
    return EVENTS + kg.find(Asked()).total


def counted(page: Page) -> Page:
    """Once the page no longer says that it waits for something."""
    expect(page.locator("[data-waiting]")).to_have_count(0, timeout=SOON)
    return page


def looked_at(page: Page, shot: Shot, name: str) -> None:
    """Everybody can use it as it is; it fits its window and a browser's memory; a picture is kept."""
    assert axe(page) == []
    assert fits(page)
    assert page.evaluate("performance.memory.usedJSHeapSize") < MOST_HEAP
    shot(page, f"many-{name}")


def number(said: Locator) -> int:
    """What is written there, for people."""
    return int(re.sub(r"\D", "", said.inner_text()))


def test_the_overview_counts_them_all_and_leads_to_them(
    many: str, all_of_them: int, visit: Visit, shot: Shot
) -> None:
    visit("/validation", address=many)  # the check takes longest: it is at work while others look at the rest
    page = counted(visit("/", address=many))
    held, spoken_of = (number(page.locator(".figures dd").nth(at)) for at in (0, 1))
    assert held + spoken_of == all_of_them
    assert spoken_of > 0
    looked_at(page, shot, "overview")
    page.locator(".figures a").first.click()
    expect(counted(page).locator(".found strong")).to_have_text(f"{all_of_them:,}", timeout=SOON)


def test_each_choice_in_a_facet_leaves_as_many_as_it_said(
    many: str, all_of_them: int, visit: Visit, shot: Shot
) -> None:
    page = counted(visit("/events", address=many))
    looked_at(page, shot, "events")
    left = all_of_them
    for facet in ("actor", "type", "equipment"):
        choice = page.locator(f".choice:has(input[name={facet}])").first
        said = number(choice.locator(".number"))
        choice.locator("input").check()
        page.locator(".choices button").click()
        expect(page.locator(".found strong")).to_have_text(f"{said:,}")
        assert 0 < said <= left
        left = said
    looked_at(page, shot, "events-chosen")


def test_words_and_days_find_the_few_among_the_many(many: str, visit: Visit, shot: Shot) -> None:
    page = counted(visit("/events", address=many))
    page.fill("#text", "al bab strike")
    page.fill("#since", "2017-01-22")
    page.fill("#until", "2017-01-22")
    page.locator(".words button").click()
    expect(page).to_have_url(re.compile("since=2017-01-22&until=2017-01-22"))
    hit = page.locator(".hits h3 a", has_text="22 January 2017").first
    expect(hit).to_be_visible()
    looked_at(page, shot, "events-words")
    hit.click()
    expect(page).to_have_url(re.compile(JAN_22))


def test_the_last_page_of_the_list_has_the_rest(many: str, all_of_them: int, visit: Visit) -> None:
    page = counted(visit(f"/events?offset={all_of_them - 7}", address=many))
    assert page.locator(".hits li").count() == 7
    expect(page.get_by_role("link", name="further in the list")).to_have_count(0)


def test_a_contested_event_shows_who_asserts_and_who_denies_it(many: str, visit: Visit, shot: Shot) -> None:
    page = counted(visit("/events?status=contested&source=synthetic", address=many))
    assert EVENTS * CONTESTED / 2 < number(page.locator(".found strong")) < EVENTS * CONTESTED * 2
    page.locator(".hits h3 a").first.click()
    ledger = counted(page).locator("#ledger")
    expect(ledger.get_by_role("cell").filter(has_text="denies").first).to_be_visible()
    expect(ledger.get_by_role("cell").filter(has_text="asserts").first).to_be_visible()
    line = ledger.locator("tr.utterances").filter(has_text="denied by").first
    line.locator("summary").first.click()
    expect(line.locator(".voices")).to_contain_text("denies")
    looked_at(page, shot, "event")


def test_why_and_the_chain_of_relays_lead_to_the_document(many: str, visit: Visit, shot: Shot) -> None:
    page = counted(visit(JAN_22, address=many))
    expect(page.locator("figure.chain")).to_contain_text("Associated Press")
    fact = page.locator(".fact").filter(has_text="why performed by Russian Aerospace Forces")
    fact.locator("summary").click()
    looked_at(page, shot, "event-why")
    fact.get_by_role("link", name=re.compile("Russian Warplanes")).first.click()
    expect(page.locator("ol.voices li").first).to_be_visible()


@pytest.mark.parametrize(("kind", "led_to"), [("actor", "place"), ("equipment", "actor"), ("place", "actor")])
def test_the_page_of_what_has_most_events_counts_them_and_leads_on(
    kind: str, led_to: str, many: str, visit: Visit, shot: Shot
) -> None:
    page = counted(visit("/events", address=many))
    first = page.locator(f".choice:has(input[name={kind}])").first
    iri, name = first.locator("input").get_attribute("value") or "", first.locator("span").first.inner_text()
    page = counted(visit(f"/page/{iri.partition('/id/')[2]}", address=many))
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("svg.bars")).to_be_visible()
    row = page.locator("table.ranked tr").filter(has=page.locator(f"a[href^='/page/{led_to}/']")).first
    said = number(row.locator(".number"))
    looked_at(page, shot, kind)
    row.locator(".number a[href^='/events']").click()
    assert 0 < said <= number(page.locator(".found strong"))  # contested ones too, and whatever its role


def test_the_page_of_one_who_says_everything_counts_the_claims(many: str, visit: Visit, shot: Shot) -> None:
    page = counted(visit("/page/actor/synthetic/0", address=many))
    expect(page.locator("main")).to_contain_text(f"{EVENTS:,}")
    looked_at(page, shot, "actor-who-claims")


def test_two_worlds_are_compared_and_an_event_is_looked_at_in_the_other(
    many: str, visit: Visit, shot: Shot
) -> None:
    page = visit("/compare", address=many)
    teller = page.locator("#worlds option[value^='claimant/synthetic/']").last.get_attribute("value") or ""
    page.fill("#b", teller)
    page.click("main form button")
    expect(counted(page).locator("#differences-head")).to_have_text(re.compile(r"^\d+ differences?$"))
    differs = page.locator(".worlds tbody th a").first
    looked_at(page, shot, "compare")
    differs.click()
    page.select_option("#view", teller)
    page.click("form.world button")
    expect(counted(page).locator("footer").last).to_contain_text(f"view/{teller}")
    expect(page.locator("#facts .fact").first).to_be_visible()
    looked_at(page, shot, "event-in-another-world")


def test_sparql_is_completed_asked_and_answered(many: str, visit: Visit, shot: Shot) -> None:
    page = visit("/sparql", address=many)
    page.wait_for_selector("html[data-ready]")
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("SELECT ?place (COUNT(?event) AS ?events) { ?event ekg:place ?place ")
    page.keyboard.insert_text(" ; ekg:usedEquipment aircra")
    page.keyboard.type("f")
    option = page.locator("[role=option]").filter(has_text="equipment/synthetic/").first
    expect(option).to_contain_text("Aircraft")
    option.click()
    page.keyboard.insert_text(" } GROUP BY ?place ORDER BY DESC(?events)")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("#asking [role=status]")).to_have_text(re.compile(r"^\d+ rows in [\d.]+ s\.$"))
    expect(page.locator("#answer tbody a").first).to_have_attribute("href", re.compile("^/page/place/"))
    looked_at(page, shot, "sparql")


def test_the_network_of_an_actors_year_is_drawn_and_can_be_taken_away(
    many: str, visit: Visit, shot: Shot
) -> None:
    page = visit("/network", address=many)
    page.select_option("#kind", "actor-actor")
    page.fill("#since", "2017-01-01")
    page.fill("#until", "2017-12-31")
    page.fill("#actor-1", "synthetic/7")
    page.locator("form.choose button").click()
    page.wait_for_selector("html[data-drawn]", timeout=SOON)
    expect(page.locator("#counts")).to_have_text(re.compile(r"^\d+ nodes, \d+ ties shown$"))
    looked_at(page, shot, "network")
    offered = page.locator(".carried a[download]")
    assert offered.count() > 5
    with page.expect_download(timeout=SOON) as waiting:
        offered.filter(has_text="GraphML").click()
    assert b"synthetic/7" in waiting.value.path().read_bytes()


def test_the_check_of_them_all_says_what_it_found(
    many: str, all_of_them: int, visit: Visit, shot: Shot
) -> None:
    page = visit("/validation", address=many)
    expect(page.locator(".verdict")).to_contain_text("The graph", timeout=SOON)
    curated = page.locator(".shape", has_text="ekgs:CuratedEvent")
    expect(curated).to_contain_text(f"looked at {all_of_them:,} of ")
    looked_at(page, shot, "validation")


def test_a_query_in_the_address_is_answered_by_the_server(many: str, visit: Visit) -> None:
    query = quote("SELECT (COUNT(?event) AS ?n) { ?event ekg:deathsBest ?some }")
    page = visit(f"/sparql?query={query}", address=many)
    assert number(page.locator("#answer tbody td").first) >= EVENTS
