"""The interactive picture of synthetic networks in a browser: the first picture, and frames as it moves.

Times on the clock say little on a busy machine: CPU of the browser's processes stands beside them.

python -m benchmarks.networkpage [NODES…]     5,000 and 20,000 unless told; needs chromium and playwright
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from playwright.sync_api import sync_playwright

from eventkg.export.behind import behind
from eventkg.export.interactive import write
from eventkg.export.material import Material, Name, Part
from eventkg.export.network import KINDS, build

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Software drawing: a machine without a graphics card is the slowest that there is.
FLAGS = (
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    *("--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
)
_MOVES = 30
_FRAMES = """async (moves) => {
  const stage = document.querySelector("#stage");
  const took = [];
  const key = (name) => stage.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  let last = performance.now();
  for (let i = 0; i < moves; i++) {
    key(i % 20 < 10 ? "ArrowLeft" : "ArrowRight");
    await frame();
    const now = performance.now();
    took.push(now - last);
    last = now;
  }
  return took;
}"""


def main() -> None:
    """Print one line a size."""
    for nodes in [int(size) for size in sys.argv[1:]] or [5_000, 20_000]:
        with tempfile.TemporaryDirectory(prefix="eventkg-bench-") as folder:
            file = Path(folder) / "network.html"
            began = time.process_time()
            file.write_bytes(page_of(nodes))
            wrote = time.process_time() - began
            print(f"{nodes:,} nodes: {file.stat().st_size / 1e6:.1f} MB, {wrote:.1f} s of CPU to write")
            _look(file)


def page_of(nodes: int) -> bytes:
    """One actor for nine events, two or three parts in each, a tenth contested; few actors have most."""
    chance = random.Random(1)  # noqa: S311
    actors, events = max(2, nodes // 10), nodes - max(2, nodes // 10)
    parts = tuple(
        Part(
            f"urn:event:{event}",
            chance.choice(("performedBy", "performedBy", "target")),
            f"urn:actor:{int(actors * chance.random() ** 3)}",
            "Contested" if chance.random() < 0.1 else "Uncontested",
        )
        for event in range(events)
        for _ in range(chance.choice((2, 2, 3)))
    )
    days = {f"urn:event:{n}": f"20{10 + n % 10}-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(events)}
    names = {f"urn:actor:{n}": Name(f"Actor {n}", "ArmedGroup") for n in range(actors)}
    names |= {event: Name(f"Event {event[10:]} of {day}", "AirStrike") for event, day in days.items()}
    made = Material(parts=parts, spans={event: (day, day) for event, day in days.items()}, names=names)
    kind = KINDS["actor-event"]
    network = build(kind.ties(made), made, kind.sides)
    network.graph.update(kind="actor-event", view="https://w3id.org/eventkg/view/default")
    return write(network, behind(kind.ties(made), made))


def _look(file: Path) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-drawn]")
        first = page.evaluate("() => new Promise((d) => requestAnimationFrame(() => d(performance.now())))")
        print(f"  first picture {first / 1e3:.2f} s after the file was opened; {_heap(page):.0f} MB of heap")
        for name, setting in (("moved", ""), ("moved, nearer", "zoom-in zoom-in zoom-in")):
            for button in setting.split():
                page.click(f"#{button}")
                page.wait_for_timeout(500)
            before = _cpu()
            frames = page.evaluate(_FRAMES, _MOVES)
            used = {role: (spent - before[role]) * 1e3 / _MOVES for role, spent in _cpu().items()}
            slow = statistics.quantiles(frames, n=20)[-1]
            print(
                f"  {name}: {statistics.median(frames):.0f} ms a frame, 95 % under {slow:.0f}; CPU a frame: "
                f"page {used['renderer']:.1f} ms, drawing in software {used['gpu-process']:.1f} ms"
            )
        browser.close()


def _cpu() -> dict[str, float]:
    """Seconds that the browser's processes have used, by what they do."""
    found = {"renderer": 0.0, "gpu-process": 0.0}
    for child in psutil.Process().children(recursive=True):
        role = next((word[7:] for word in child.cmdline() if word.startswith("--type=")), "")
        if role in found:
            found[role] += sum(child.cpu_times()[:2])
    return found


def _heap(page: Page) -> float:
    used: int = page.evaluate("() => performance.memory.usedJSHeapSize")
    return used / 1e6


if __name__ == "__main__":
    main()
