"""Events, actors, equipment, places and two worlds side by side, in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import NARROW, axe, fits
from tests.kg.oddities import odd_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.conftest import Shot, Visit

JAN_22 = "/page/event/2017-01-22-al-bab-strike"
FORCES, COALITION = "/page/actor/russian-aerospace-forces", "/page/actor/us-led-coalition"
WORLDS = "/compare?a=default&b=claimant/russian-defence-ministry"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with odd_server(tmp_path_factory.mktemp("odd")) as address:
        yield address


def test_from_a_contested_part_to_the_words_of_those_who_assert_and_deny_it(visit: Visit, shot: Shot) -> None:
    page = visit(JAN_22, java_script_enabled=False)
    page.get_by_role("link", name="performed by US-led coalition, 2").click()
    line = page.locator("tr:target")
    expect(line).to_contain_text("contested")
    expect(line.get_by_role("cell").filter(has_text="denies")).to_be_visible()
    told = page.locator("tr:target + tr")
    told.locator("summary").first.click()
    expect(told).to_contain_text("two jets of the international coalition")
    expect(told).to_contain_text("promptly denied by the Pentagon")
    shot(page, "event")


def test_why_leads_from_a_value_to_its_document(visit: Visit) -> None:
    page = visit(JAN_22, java_script_enabled=False)
    fact = page.locator(".fact").filter(has_text="why performed by Russian Aerospace Forces")
    fact.locator("summary").click()
    expect(fact.locator("li").first).to_contain_text("a fact in default: nobody contests it")
    fact.get_by_role("link", name=re.compile("Russian Warplanes")).first.click()
    expect(page.locator("h1")).to_contain_text("Russian Warplanes Fly First Joint Mission")
    expect(page.locator("ol.voices li").first).to_be_visible()


def test_the_world_that_was_chosen_stays_on_the_way(visit: Visit) -> None:
    page = visit(JAN_22)
    page.select_option("#view", "claimant/russian-defence-ministry")
    page.click("form.world button")
    expect(page.locator("#facts .fact").filter(has_text="US-led coalition").first).to_be_visible()
    page.locator("#facts").get_by_role("link", name="US-led coalition").first.click()
    expect(page).to_have_url(re.compile("actor/us-led-coalition.*view=claimant"))
    expect(page.locator("#disputed")).not_to_contain_text("Strike in Al-Bab")


@pytest.mark.parametrize(
    ("path", "scheme"),
    [
        *((path, "light") for path in (JAN_22, FORCES, "/page/place/al-bab", "/page/equipment/f-16", WORLDS)),
        *((path, "dark") for path in (JAN_22, COALITION, WORLDS, "/compare")),
        ("/page/document/2017-01-23-joint-mission-article", "light"),
        ("/page/series/russian-turkish-joint-strikes", "dark"),
    ],
)
def test_axe_finds_nothing(path: str, scheme: str, visit: Visit) -> None:
    page = visit(path, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert axe(page) == []


@pytest.mark.parametrize("path", ["event/odd", "event/it's-(odd)", "actor/odd", "place/odd", "document/odd"])
def test_hostile_and_right_to_left_names_are_text(path: str, odd: str, visit: Visit) -> None:
    page = visit(f"/page/{path}", address=odd)
    assert path != "event/odd" or axe(page) == []
    assert fits(page)
    assert page.locator("script:not([src])").count() == 0
    assert page.locator("main img").count() == 0


def test_a_quotation_stands_out_among_the_words_around_it(odd: str, visit: Visit, shot: Shot) -> None:
    page = visit("/page/event/odd", address=odd)
    page.locator("#said-2 + tr summary").first.click()
    told = page.locator("#said-2 + tr .quoted").filter(has_text="ten aircraft")
    expect(told.locator("mark")).to_be_visible()
    expect(told).to_contain_text("and left it at that")
    shot(page, "event-odd")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (JAN_22, "event-360"),
        (COALITION, "actor-360"),
        ("/page/place/syria", "place-360"),
        (WORLDS, "compare-360"),
    ],
)
def test_a_narrow_screen_needs_no_scrolling_sideways(path: str, name: str, visit: Visit, shot: Shot) -> None:
    page = visit(path, viewport=NARROW)
    assert fits(page)
    shot(page, name)


def test_cells_of_the_ledger_name_their_speaker_on_a_narrow_screen(visit: Visit) -> None:
    page = visit(JAN_22, viewport=NARROW)
    cell = page.locator("#ledger td.cell").filter(has_text="denies").first
    assert page.evaluate("(cell) => getComputedStyle(cell, '::before').content", cell.element_handle()) == (
        '"Pentagon: "'
    )
    assert page.get_by_role("cell").filter(has_text="denies").count() > 0


def test_a_wide_screen_holds_the_page_in_the_middle(visit: Visit, shot: Shot) -> None:
    page = visit(JAN_22, viewport={"width": 3840, "height": 2160}, color_scheme="dark")
    assert fits(page)
    shot(page, "event-4k-dark")


def test_the_map_symbol_is_drawn_without_moving_the_page(visit: Visit, shot: Shot) -> None:
    page = visit(FORCES)
    expect(page.locator("ekg-symbol svg[role=img]")).to_be_visible()
    shifted = page.evaluate(
        """() => new Promise((resolve) => new PerformanceObserver((seen) =>
        resolve(seen.getEntries().reduce((sum, one) => sum + one.value, 0)))
        .observe({ type: 'layout-shift', buffered: true }) ?? setTimeout(() => resolve(0), 500))"""
    )
    assert shifted < 0.02
    shot(page, "actor")


def test_without_a_script_the_symbol_is_its_code(visit: Visit) -> None:
    page = visit(FORCES, java_script_enabled=False)
    expect(page.locator("ekg-symbol")).to_contain_text("10011000001208000000")


def test_a_code_that_is_none_stays_text(odd: str, visit: Visit) -> None:
    page = visit("/page/actor/odd", address=odd)
    expect(page.locator("ekg-symbol")).to_contain_text("alert('told')")
    assert page.locator("ekg-symbol svg").count() == 0


def test_two_worlds_are_compared_by_a_form_that_needs_no_script(visit: Visit, shot: Shot) -> None:
    page = visit("/compare", java_script_enabled=False)
    page.fill("#b", "claimant/pentagon")
    page.fill("#b-known", "2017-01-23")
    page.fill("#event", "2017-01-22-al-bab-strike")
    page.click("main form button")
    expect(page).to_have_url(re.compile("b=claimant/pentagon/as-known-on/2017-01-23"))
    expect(page.locator("#b-known")).to_have_value("2017-01-23")
    expect(page.locator("h2").first).to_contain_text(re.compile("difference"))
    shot(page, "compare")


def test_the_pages_can_be_printed(visit: Visit) -> None:
    page = visit(JAN_22)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.top nav')).display") == "none"
    expect(page.locator("footer").last).to_contain_text("view/default")
