"""The first page: what is in the graph, in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import NARROW, axe, fits

if TYPE_CHECKING:
    from tests.browser.conftest import Shot, Visit


def test_the_overview_shows_the_contradiction_of_22_january(visit: Visit, shot: Shot) -> None:
    page = visit("/")
    told = page.locator(".contradictions li").filter(has_text="US-led coalition")
    expect(told.first).to_contain_text("denied by Pentagon")
    expect(told.first).to_contain_text("asserted by Russian Defence Ministry")
    shot(page, "overview")


@pytest.mark.parametrize(
    ("path", "scheme"),
    [("/", "light"), ("/", "dark"), ("/?view=claimant/pentagon", "light"), ("/nowhere", "dark")],
)
def test_axe_finds_nothing(path: str, scheme: str, visit: Visit) -> None:
    status = 404 if path == "/nowhere" else 200
    page = visit(path, status=status, color_scheme=scheme, extra_http_headers={"Accept": "text/html"})
    assert axe(page) == []


def test_a_narrow_screen_needs_no_scrolling_sideways(visit: Visit, shot: Shot) -> None:
    page = visit("/", viewport=NARROW)
    assert fits(page)
    shot(page, "overview-360")


def test_dark_mode_changes_the_paper(visit: Visit, shot: Shot) -> None:
    page = visit("/", color_scheme="dark")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red, green, blue = map(int, re.findall(r"\d+", paper)[:3])
    assert max(red, green, blue) < 64
    shot(page, "overview-dark")


def test_the_chooser_leads_to_another_world_without_a_script(visit: Visit) -> None:
    page = visit("/", java_script_enabled=False)
    before = page.locator(".figures").inner_text()
    page.select_option("#view", "claimant/russian-defence-ministry")
    page.click("form.world button")
    expect(page).to_have_url(re.compile(r"view=claimant"))
    expect(page.locator("footer").last).to_contain_text("view/claimant/russian-defence-ministry")
    expect(page.locator("#view")).to_have_value("claimant/russian-defence-ministry")
    assert before != page.locator(".figures").inner_text()


def test_the_first_tab_stop_skips_to_the_content(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_numbers_are_written_as_the_reader_is_used_to(visit: Visit) -> None:
    page = visit("/", locale="de-DE")
    expect(page.locator(".axis time").first).to_have_text(re.compile(r"^\d\d\.\d\d\.\d{4}$"))


def test_the_first_page_is_light(visit: Visit) -> None:
    page = visit("/")
    sizes = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map((one) => one.decodedBodySize)"
    )
    assert 0 < sum(sizes) < 150_000
