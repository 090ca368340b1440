"""The network page in a browser: drawn as the exports draw it, under the content policy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect
from tests.browser.conftest import NARROW, WIDE, axe, fits
from tests.chromium import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from tests.browser.conftest import Shot, Visit

ACTORS = "/network?kind=actor-actor"


def drawn(page: Page) -> None:
    page.wait_for_selector("html[data-drawn]")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_the_network_is_drawn_and_says_whose_world_it_is(visit: Visit, shot: Shot) -> None:
    page = visit(ACTORS)
    drawn(page)
    expect(page.locator("#counts")).to_have_text(re.compile(r"^\d+ nodes, \d+ ties shown$"))
    expect(page.locator("ekg-network .foot")).to_contain_text(
        "in the world of https://w3id.org/eventkg/view/default"
    )
    expect(page.locator("ekg-network .foot")).to_contain_text("CC-BY-4.0")
    shot(page, "network")
    page.locator("#actor-1").press_sequentially("ucdp/1")  # a slash leads to the search elsewhere
    expect(page.locator("#actor-1")).to_have_value("ucdp/1")


def test_a_tie_leads_to_its_events_and_they_to_their_pages_in_the_same_world(visit: Visit) -> None:
    page = visit(f"{ACTORS}&view=claimant/russian-defence-ministry")
    drawn(page)
    page.fill("#search", "turkish air")
    page.keyboard.press("Enter")
    panel = page.locator("#details")
    expect(panel.get_by_role("heading", level=2)).to_have_text("Turkish Air Force")
    panel.get_by_role("button", name="together").first.click()
    link = panel.locator("ol a").first
    expect(link).to_have_attribute(
        "href", re.compile(r"^/page/event/.*\?view=claimant%2Frussian-defence-ministry$")
    )
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_the_world_that_is_chosen_decides_what_is_contested(visit: Visit) -> None:
    found = {}
    for view in ("default", "claimant/russian-defence-ministry"):
        page = visit(f"/network?actor=us-led-coalition&show=table&view={view}")
        row = page.locator("tbody tr").filter(has_text="US-led coalition").filter(has_text="22 January")
        found[view] = row.first.locator(".status").inner_text()
    assert found == {"default": "Contested", "claimant/russian-defence-ministry": "Uncontested"}


def test_every_download_is_what_its_name_says(visit: Visit, explorer: str) -> None:
    page = visit(f"{ACTORS}&actor=turkey&view=all")
    links = [link.get_attribute("href") or "" for link in page.locator(".carried a[download]").all()]
    found = {}
    for link in links:
        assert "actor=turkey" in link
        assert "view=all" in link
        answer = httpx.get(explorer + link, timeout=120)
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith('attachment; filename="network-actor-actor.')
        assert answer.headers["eventkg-view"].endswith("view/all")
        found[link.partition("?")[0].rpartition(".")[2]] = answer.content
    begins = {
        "gexf": b"<?xml",
        "graphml": b"<?xml",
        "cyjs": b"{",
        "csv": b"PK",
        "svg": b"<?xml",
        "png": b"\x89PNG",
    }
    for form, first in begins.items():
        assert found[form].startswith(first)
    for form in ("gexf", "graphml", "cyjs", "svg", "html"):
        assert b"view/all" in found[form]


def test_without_a_script_the_server_draws_and_tells_the_strongest_ties(visit: Visit, shot: Shot) -> None:
    page = visit(ACTORS, java_script_enabled=False)
    width = page.locator("img.drawn").evaluate("(img) => img.decode().then(() => img.naturalWidth)")
    assert width > 300
    shot(page, "network-without-script")
    page.locator("noscript a, .carried a", has_text="strongest ties").first.click()
    expect(page.locator("table tbody tr").first).to_be_visible()
    expect(page.locator("table a").first).to_have_attribute("href", re.compile("^/page/actor/"))
    shot(page, "network-ties")


def test_a_network_of_nothing_says_so_and_what_is_covered(visit: Visit, shot: Shot) -> None:
    page = visit("/network?since=1990-01-01&until=1990-12-31")
    expect(page.locator("ekg-network .empty")).to_contain_text("Nothing is tied here: no event found")
    shot(page, "network-empty")


def test_a_wrong_choice_is_told_in_words(visit: Visit) -> None:
    page = visit("/network?since=2017-02-31", status=400)
    expect(page.get_by_role("alert")).to_contain_text("expected")


def test_an_error_of_the_server_is_told_in_its_words(browser: Browser, explorer: str) -> None:
    with browser.new_context() as window:  # which complains of the answer's status
        page = window.new_page()
        page.goto(f"{explorer}/network?view=claimant/daesh")
        expect(page.get_by_role("alert")).to_contain_text("who says nothing here", timeout=PATIENCE)


@pytest.mark.parametrize(("scheme", "screen"), [("light", WIDE), ("dark", NARROW)])
def test_axe_finds_nothing_and_nothing_has_to_be_scrolled_sideways(
    scheme: str, screen: dict[str, int], visit: Visit, shot: Shot
) -> None:
    page = visit(ACTORS, color_scheme=scheme, viewport=screen)
    drawn(page)
    assert axe(page) == []
    assert fits(page)
    shot(page, f"network-{scheme}")
    page.click("#as-table")
    assert axe(page) == []
    page.goto(page.url + "&show=table")
    assert axe(page) == []
    assert fits(page)
