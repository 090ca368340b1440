"""The explorer as a person meets it. What is opened here may neither complain nor ask another host.

Screenshots are kept in build/screenshots: whoever changes a page looks at them.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.chromium import CHROMIUM, FLAGS, IN_CHROMIUM, PATIENCE
from tests.conftest import ROOT, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
_AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them need chromium, and share one process of it."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            for mark in IN_CHROMIUM:
                item.add_marker(mark)


class Visit(Protocol):
    """Opens a path of the explorer, in a window of its own."""

    def __call__(self, path: str, /, *, address: str = "", status: int = 200, **context: Any) -> Page: ...


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of a module: while it is open no other event loop can run in this thread, as tests elsewhere do."""
    with (
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as started,
    ):
        expect.set_options(timeout=PATIENCE)
        yield started


@pytest.fixture(scope="session")
def explorer() -> Iterator[str]:
    """The address of a server over the bundled graph."""
    with serving("--timeout-s", "60", "--memory-mb", "512") as address:
        yield address


@pytest.fixture
def visit(browser: Browser, explorer: str) -> Iterator[Visit]:
    said: list[str] = []
    with ExitStack() as windows:

        def opened(path: str, /, *, address: str = "", status: int = 200, **context: Any) -> Page:
            wanted = {"viewport": WIDE, "reduced_motion": "reduce", **context}
            window = windows.enter_context(browser.new_context(**wanted))
            page = window.new_page()
            page.set_default_timeout(PATIENCE)
            host = address or explorer
            _listen(page, urlsplit(host).netloc, said, expected=status)
            answer = page.goto(host + path)
            assert answer is not None
            assert answer.status == status, answer.text()
            if not address:  # what takes longer with a busy machine is awaited; with more events, by its test
                expect(page.locator("[data-waiting]")).to_have_count(0)
            return page

        yield opened
        assert said == []


def _listen(page: Page, host: str, said: list[str], *, expected: int) -> None:
    """Hear complaints, dialogs and requests to other hosts; the page's own status may be an error."""
    refused = f"status of {expected} "
    page.on("console", lambda heard: None if refused in heard.text else said.append(heard.text))
    page.on("pageerror", lambda problem: said.append(str(problem)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda asked: None if _ours(asked.url, host) else said.append(asked.url))


def _ours(address: str, host: str) -> bool:
    parts = urlsplit(address)
    return parts.netloc == host or parts.scheme in {"data", "blob"}


@pytest.fixture(scope="session")
def shots() -> Path:
    folder = ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Shot(Protocol):
    """Keeps a picture of the whole page."""

    def __call__(self, page: Page, name: str, /) -> Path: ...


@pytest.fixture
def shot(shots: Path) -> Shot:
    def taken(page: Page, name: str, /) -> Path:
        page.screenshot(path=shots / f"{name}.png", full_page=True)
        return shots / f"{name}.png"

    return taken


def axe(page: Page) -> list[str]:
    """What axe-core finds by the rules of WCAG 2.2 A and AA and best practice, one line each.

    It is told through the debugger, not by a script in the page, which the content policy would refuse.
    """
    if not _AXE.exists():
        pytest.skip("axe-core is not installed (make web)")
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],"
        " resultTypes: ['violations'] })"
    )
    return [
        f"{one['id']}: {one['help']}: {json.dumps(node['target'])} {node['html'][:150]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    wider: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return not wider
