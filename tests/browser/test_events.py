"""Finding events by words, days and facets, in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import NARROW, axe, fits

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Shot, Visit


def listed(page: Page) -> Page:
    """Once the events have been counted."""
    expect(page.locator(".hits, .empty").first).to_be_visible(timeout=60_000)
    return page


def test_a_choice_in_a_facet_narrows_the_list_and_stands_in_the_address(visit: Visit, shot: Shot) -> None:
    page = listed(visit("/events"))
    shot(page, "events")
    all_of_them = page.locator(".hits li").count()
    page.get_by_label("Turkish Air Force").check()
    page.locator(".choices button").click()
    expect(page).to_have_url(re.compile(r"actor=https://w3id.org/eventkg/id/actor/turkish-air-force"))
    assert 0 < page.locator(".hits li").count() < all_of_them
    expect(page.get_by_label("Turkish Air Force")).to_be_checked()
    page.locator(".chip").click()
    assert page.locator(".hits li").count() == all_of_them


def test_it_all_works_without_a_script(visit: Visit) -> None:
    page = listed(visit("/events", java_script_enabled=False))
    page.fill("#text", "al bab")
    page.locator(".words button").click()
    assert page.locator(".hits li").count() >= 3
    page.locator("ekg-brush svg a").last.click()
    expect(page).to_have_url(re.compile(r"since=2017-01-01&until=2017-01-31"))


def test_a_contested_actor_is_marked_by_more_than_a_colour(visit: Visit) -> None:
    page = listed(visit("/events?status=contested"))
    mark = page.locator(".hits .status.contested").filter(has_text="US-led coalition").first
    expect(mark).to_contain_text("(contested)")
    assert mark.evaluate("node => getComputedStyle(node).borderTopStyle") == "dashed"


def test_dragging_over_the_bars_sets_the_days(visit: Visit) -> None:
    page = listed(visit("/events"))
    page.wait_for_selector("ekg-brush:defined")
    bars = page.locator("ekg-brush svg")
    bars.scroll_into_view_if_needed()
    box = bars.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 20, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"since=2016-12-01.*until=2017-01-31"))


def test_nothing_found_says_whether_it_could_have_been(visit: Visit, shot: Shot) -> None:
    page = listed(visit("/events?since=1943-01-01&until=1943-12-31"))
    expect(page.locator(".empty")).to_contain_text("No event fits")
    expect(page.locator(".empty")).to_contain_text("covers")
    shot(page, "events-empty")


def test_words_that_are_markup_stay_words(visit: Visit) -> None:
    page = listed(visit("/events?text=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"))
    expect(page.locator("#text")).to_have_value("<img src=x onerror=alert(1)>")
    assert page.locator("main img").count() == 0


@pytest.mark.parametrize(
    ("path", "scheme"),
    [
        ("/events", "light"),
        ("/events?text=coalition&status=contested", "light"),
        ("/events?text=coalition&status=contested", "dark"),
        ("/events?text=zzz", "dark"),
    ],
)
def test_axe_finds_nothing(path: str, scheme: str, visit: Visit) -> None:
    assert axe(listed(visit(path, color_scheme=scheme))) == []


def test_a_narrow_screen_needs_no_scrolling_sideways(visit: Visit, shot: Shot) -> None:
    page = listed(visit("/events", viewport=NARROW))
    assert fits(page)
    shot(page, "events-360")


@pytest.mark.parametrize(
    "wrong", ["since=yesterday", "sort=sideways", "limit=many", "colour=red", "text=a&text=b", "view=nobody"]
)
def test_a_wrong_condition_is_said_in_words(wrong: str, visit: Visit) -> None:
    page = visit(f"/events?{wrong}", status=400, extra_http_headers={"Accept": "text/html"})
    expect(page.get_by_role("alert")).to_contain_text("expected")


def test_a_page_that_waits_asks_again_and_axe_finds_nothing_on_it(visit: Visit, explorer: str) -> None:
    """A world nobody has asked for yet is counted first; the page of it is shown as soon as it is."""
    for number in range(2, 4):
        day = f"2017-01-2{number}"
        page = visit(f"/events?view=all/as-known-on/{day}", address=explorer)
        if page.locator("[data-waiting]").count():
            assert axe(page) == []
        listed(page)
