"""The explorer's pages in Chromium over many events: the first paint, bytes, and memory of the browser.

python -m benchmarks.explorer [EVENTS]        100,000 unless told; needs chromium and playwright

The index and the overview are waited for first and timed apart: they are made once for a state.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil
from playwright.sync_api import sync_playwright
from tests.chromium import CHROMIUM, FLAGS
from tests.conftest import serving

from benchmarks.generator import quads
from eventkg.kg.loading import Load, load
from eventkg.settings import Limits

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_HTML = {"Accept": "text/html"}
_ID = "https://w3id.org/eventkg/id"
PAGES = (
    "/",
    "/events",
    f"/events?actor={_ID}/actor/synthetic/7&status=contested",
    "/events?text=place",
    "/page/event/synthetic/7",
    "/page/actor/synthetic/7",
    "/page/place/synthetic/7",
    "/compare?a=default&b=claimant/synthetic/7",
    "/network?kind=actor-actor",
    "/validation",
    "/sparql",
)
_PAINT = """new Promise(told => {
    new PerformanceObserver(list => list.getEntriesByName('first-contentful-paint').forEach(
        one => told(one.startTime))).observe({type: 'paint', buffered: true});
    setTimeout(() => told(-1), 10000);
})"""
_BYTES = (
    "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
    ".reduce((sum, one) => sum + one.decodedBodySize, 0)"
)


def main() -> None:
    """Print one line a page."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="eventkg-bench-") as name:
        file, store = Path(name) / "events.nq", Path(name) / "store"
        with file.open("w", encoding="utf-8") as stream:
            stream.writelines(quads(events, contested=0.1))
        load(store, Load((str(file),)), Limits(timeout_s=3600, memory_mb=8192))
        file.unlink()
        with serving("-l", str(store), "--timeout-s", "60", "--memory-mb", "2048") as address:
            print(f"{events:,} events; first paint (ms), decoded bytes (kB), memory of the renderer (MB)")
            _wait(address)
            _facets(address)
            with sync_playwright() as driver:
                for path in PAGES:
                    with driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser:
                        _page(browser, address, path)


def _wait(address: str) -> None:
    started = time.perf_counter()
    for path in ("/", "/events"):
        while "http-equiv" in httpx.get(address + path, headers=_HTML, timeout=120).text:
            time.sleep(0.5)
        print(f"{path} was counted after {time.perf_counter() - started:.1f} s")


def _facets(address: str) -> None:
    """All facets with their counts over HTTP, the fastest of five."""
    for path in ("/api/v1/events", f"/api/v1/events?actor={_ID}/actor/synthetic/7&since=2014-01-01"):
        took = []
        for _ in range(5):
            started = time.perf_counter()
            httpx.get(address + path, timeout=60).raise_for_status()
            took.append(time.perf_counter() - started)
        print(f"{path[:60]:62} {min(took) * 1e3:7.0f} ms")


def _page(browser: Browser, address: str, path: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    answer = page.goto(address + path, timeout=120_000)
    status = answer.status if answer else 0
    page.wait_for_load_state("networkidle", timeout=120_000)
    paint, size = page.evaluate(_PAINT), page.evaluate(_BYTES)
    memory = sum(
        one.memory_full_info().uss
        for one in psutil.Process().children(recursive=True)
        if "--type=renderer" in one.cmdline()
    )
    print(f"{path[:60]:62} {paint:7.0f} {size / 1e3:9.0f} {memory / 1e6:7.0f}   HTTP {status}")


if __name__ == "__main__":
    main()
