"""The explorer over many synthetic events. With 100,000 of them, which takes some minutes to load:

EVENTKG_TEST_EVENTS=100000 .venv/bin/pytest tests/browser/test_size.py
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from benchmarks.generator import quads
from playwright.sync_api import expect
from tests.conftest import serving
from tests.kg.stores import unchecked

from eventkg.kg.loading import Load, load
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page
    from tests.browser.conftest import Shot, Visit

EVENTS = int(os.environ.get("EVENTKG_TEST_EVENTS", "1000"))
_SOON = 600_000  # milliseconds until all is counted, on a busy machine
pytestmark = [pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a store of so many events, a tenth of them contested."""
    folder = tmp_path_factory.mktemp("many")
    file = folder / "events.nq"
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(quads(EVENTS, contested=0.1))
    with unchecked():
        load(folder / "store", Load((str(file),)), Limits(timeout_s=3600, memory_mb=8192))
    with serving("-l", str(folder / "store"), "--timeout-s", "60", "--memory-mb", "2048") as address:
        yield address


def counted(page: Page) -> Page:
    """Once the page no longer says that it waits for something to be counted."""
    expect(page.locator("[data-waiting]")).to_have_count(0, timeout=_SOON)
    return page


def test_the_overview_counts_them_all(many: str, visit: Visit, shot: Shot) -> None:
    page = counted(visit("/", address=many))
    expect(page.locator(".figures dd").first).to_have_text(f"{EVENTS:,}")
    shot(page, f"overview-{EVENTS}")


def test_facets_count_them_all_and_each_choice_leaves_fewer(many: str, visit: Visit, shot: Shot) -> None:
    page = counted(visit("/events", address=many))
    expect(page.locator(".found strong")).to_have_text(f"{EVENTS:,}")
    shot(page, f"events-{EVENTS}")
    left = EVENTS
    for facet in ("actor", "type"):
        choice = page.locator(f".choice:has(input[name={facet}])").first
        said = int(re.sub(r"\D", "", choice.locator(".number").inner_text()))
        choice.locator("input").check()
        page.locator(".choices button").click()
        expect(page.locator(".found strong")).to_have_text(f"{said:,}")
        assert 0 < said <= left
        left = said


def test_the_last_page_of_the_list_has_the_rest(many: str, visit: Visit) -> None:
    page = counted(visit(f"/events?offset={EVENTS - 7}", address=many))
    assert page.locator(".hits li").count() == 7
    expect(page.get_by_role("link", name="further in the list")).to_have_count(0)
