"""The interactive picture as a person meets it: in Chromium, from a file, without a network."""

from __future__ import annotations

import io
import itertools
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from tests.export.pages import ALPHA, ARABIC, DELTA, MARKUP, crowd, iri, known, network

from eventkg.export.interactive import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = [
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
]
_SOFTWARE = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
_PATIENCE = 60_000  # milliseconds, on a machine that does other things as well
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages")
    for kind in ("actor-actor", "actor-event"):
        (made / f"{kind}.html").write_bytes(write(*network(kind)))
    (made / "empty.html").write_bytes(write(*network(material=known(x=("", "", ())))))
    (made / "crowd.html").write_bytes(write(*network(material=crowd(1_600))))
    return made


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(driver: Playwright) -> Iterator[Browser]:
    with driver.chromium.launch(executable_path=CHROMIUM, args=[*_FLAGS, *_SOFTWARE]) as started:
        yield started


@pytest.fixture
def opened(browser: Browser, folder: Path) -> Iterator[Page]:
    """The actor-actor page; afterwards nothing may have been complained about or asked for."""
    yield from opening(browser, folder / "actor-actor.html")


def opening(browser: Browser, file: Path, **wanted: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce", **wanted)
    page = context.new_page()
    page.set_default_timeout(_PATIENCE)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda problem: said.append(str(problem)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: said.append(request.url) if request.url != file.as_uri() else None)
    page.goto(file.as_uri())
    yield page
    assert said == []
    context.close()


def drawn(page: Page) -> None:
    page.wait_for_selector("html[data-drawn]")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def stage(page: Page, what: str) -> tuple[float, float]:
    """A place on the stage as a place on the page."""
    place, box = page.evaluate(f"eventkg.{what}"), page.locator("#stage").bounding_box()
    assert box is not None
    return box["x"] + place["x"], box["y"] + place["y"]


def tie(page: Page, one: str, other: str) -> int:
    """The number of the tie between two nodes."""
    found: int = page.evaluate(
        """([one, other]) => {
          const { nodes, ties } = JSON.parse(document.getElementById("data").textContent);
          const [a, b] = [nodes.label.indexOf(one), nodes.label.indexOf(other)];
          return ties.source.findIndex((s, i) => s === a && ties.target[i] === b);
        }""",
        [one, other],
    )
    assert found >= 0
    return found


def test_it_opens_from_a_file_and_markup_in_a_label_is_text(opened: Page) -> None:
    drawn(opened)
    expect(opened.locator("#counts")).to_have_text("4 nodes, 4 ties shown")
    opened.click("#as-table")
    expect(opened.locator("#table td").get_by_text(MARKUP).first).to_be_visible()
    assert opened.title() == "Who acted together, who struck whom"
    assert opened.locator("img").count() == 0


def test_the_keyboard_alone_leads_from_the_search_to_the_events_behind_a_tie(opened: Page) -> None:
    drawn(opened)
    opened.keyboard.press("/")
    opened.keyboard.type("alpha")
    expect(opened.get_by_role("option", name=ALPHA)).to_have_attribute("aria-selected", "true")
    opened.keyboard.press("Enter")
    panel = opened.locator("#details")
    expect(panel.get_by_role("heading", name=ALPHA)).to_be_focused()
    panel.get_by_role("button", name="against").focus()
    opened.keyboard.press("Enter")
    items = panel.locator("ol li")
    expect(items).to_have_count(2)
    expect(items.nth(0)).to_contain_text("Strike spring")
    expect(items.nth(0)).to_contain_text("2016-03-01")
    expect(items.nth(0).get_by_role("link")).to_have_attribute("href", iri("spring"))
    expect(items.nth(1)).to_contain_text("undated")
    opened.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(opened.locator("#search")).to_be_focused()


@pytest.mark.parametrize("typed", ["الباب", "البَاب", "الجويه"])
def test_letters_that_a_reader_takes_for_the_same_are_found(typed: str, opened: Page) -> None:
    opened.fill("#search", typed)
    expect(opened.get_by_role("option")).to_have_count(1)
    expect(opened.get_by_role("option")).to_contain_text(ARABIC)
    assert opened.evaluate("getComputedStyle(document.querySelector('[role=option] bdi')).direction") == "rtl"


def test_time_status_kind_of_tie_and_actor_choose_what_is_shown_and_nothing_moves(opened: Page) -> None:
    drawn(opened)
    counts = opened.locator("#counts")
    before = opened.evaluate(f"eventkg.node({ALPHA!r})")
    opened.get_by_label("Last day shown").press("Home")
    expect(counts).to_have_text("3 nodes of 4, 3 ties of 4 shown")  # what went on or began on the first day
    opened.get_by_role("button", name="Show everything").click()
    opened.get_by_label("First day shown").press("End")
    expect(counts).to_have_text(
        "4 nodes, 2 ties of 4 shown"
    )  # the joint strike, and the campaign that goes on
    opened.get_by_role("button", name="Show everything").click()
    opened.get_by_role("checkbox", name="Contested 1", exact=True).uncheck()
    expect(counts).to_have_text("3 nodes of 4, 3 ties of 4 shown")
    opened.get_by_label("together").uncheck()
    expect(counts).to_have_text("3 nodes of 4, 2 ties of 4 shown")
    opened.get_by_role("button", name="Show everything").click()
    opened.fill("#only", "delta")
    opened.keyboard.press("Enter")
    expect(counts).to_have_text("2 nodes of 4, 1 tie of 4 shown")
    opened.get_by_label("and the ties of their neighbours").check()
    expect(counts).to_have_text("4 nodes, 3 ties of 4 shown")
    assert opened.evaluate(f"eventkg.node({ALPHA!r})") == before


def test_the_pointer_shows_a_card_and_a_click_on_a_line_its_events(opened: Page) -> None:
    drawn(opened)
    x, y = stage(opened, f"node({DELTA!r})")
    opened.mouse.move(x - 30, y - 30)
    expect(opened.locator(".sigma-hovers")).not_to_be_visible()  # a layer that shows nothing costs time
    opened.mouse.move(x, y)
    expect(opened.locator("#card")).to_contain_text("1 event, 1 tie")
    expect(opened.locator(".sigma-hovers")).to_be_visible()
    x, y = stage(opened, f"tie({tie(opened, ALPHA, DELTA)})")
    opened.mouse.move(x, y)
    expect(opened.locator("#card")).to_contain_text("contested: 1 of 1 event")
    opened.mouse.click(x, y)
    panel = opened.locator("#details")
    expect(panel.locator("ol li")).to_contain_text("Strike joint")
    expect(panel.locator("ol li")).to_contain_text("Contested")


def test_contested_ties_are_dashed_and_red_others_are_whole(opened: Page) -> None:
    drawn(opened)
    picture = Image.open(io.BytesIO(opened.screenshot())).convert("RGB")
    ends = {other: stage(opened, f"node({other!r})") for other in (ALPHA, ARABIC, DELTA)}
    gaps = {}
    for other in (ARABIC, DELTA):
        (x0, y0), (x1, y1) = ends[ALPHA], ends[other]
        # Between a quarter and three quarters of the way no label lies on the line.
        spots = [(x0 + (x1 - x0) * s / 400, y0 + (y1 - y0) * s / 400) for s in range(100, 300)]
        ink = [darkest(picture, round(x), round(y)) for x, y in spots]
        line = [min(pixel) > 225 for pixel in ink]
        gaps[other] = sum(now and not before for before, now in itertools.pairwise(line))
        if other == DELTA:
            assert any(r > 150 and g < 110 and b < 110 for r, g, b in ink)
    assert gaps[DELTA] >= 4
    assert gaps[ARABIC] <= 1


def darkest(picture: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    """Of a pixel and its neighbours: a line is thinner than places on it are exact."""
    around = picture.crop((x - 1, y - 1, x + 2, y + 2)).tobytes()
    return min((tuple(around[at : at + 3]) for at in range(0, 27, 3)), key=sum)  # type: ignore[return-value]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_object_to(scheme: str, browser: Browser, folder: Path, root: Path) -> None:
    axe = root / "web" / "node_modules" / "axe-core" / "axe.min.js"
    if not axe.is_file():
        pytest.skip("web/node_modules is not installed (make web)")
    for page in opening(browser, folder / "actor-event.html", color_scheme=scheme):
        drawn(page)
        page.fill("#search", "alpha")
        page.keyboard.press("Enter")
        page.fill("#search", "a")
        page.evaluate(axe.read_text(encoding="utf-8"))
        for view in ("#as-picture", "#as-table"):
            page.click(view)
            found = page.evaluate("() => axe.run()")
            assert [(f["id"], f["nodes"][0]["html"]) for f in found["violations"]] == []


def test_an_empty_network_says_so(browser: Browser, folder: Path) -> None:
    for page in opening(browser, folder / "empty.html"):
        expect(page.locator("#message")).to_contain_text("nothing to draw")


def test_without_webgl_the_page_says_so_and_shows_a_table(driver: Playwright, folder: Path) -> None:
    with driver.chromium.launch(executable_path=CHROMIUM, args=[*_FLAGS, "--disable-3d-apis"]) as browser:
        for page in opening(browser, folder / "actor-actor.html"):
            expect(page.locator("#message")).to_contain_text("WebGL is missing")
            expect(page.locator("#table tbody tr")).to_have_count(4)
            page.locator("#table").get_by_role("button", name="together").first.click()
            expect(page.locator("#details ol li")).to_have_count(1)


def test_on_a_narrow_screen_nothing_lies_beside_the_page(browser: Browser, folder: Path) -> None:
    for page in opening(browser, folder / "actor-actor.html"):
        page.set_viewport_size({"width": 360, "height": 740})
        drawn(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_node_of_a_large_network_is_found_under_the_pointer(browser: Browser, folder: Path) -> None:
    for page in opening(browser, folder / "crowd.html"):
        drawn(page)
        expect(page.locator("#counts")).to_have_text("1,601 nodes, 1,600 ties shown")
        page.fill("#search", "Target 1599")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        drawn(page)
        page.mouse.move(*stage(page, "node('Target 1599')"))
        expect(page.locator("#card")).to_contain_text("Target 1599")


def test_ties_left_out_while_a_large_picture_moves_are_there_again_when_it_rests(
    browser: Browser, folder: Path
) -> None:
    for page in opening(browser, folder / "crowd.html"):
        drawn(page)
        before = page.locator("#stage").screenshot()
        for key in ("ArrowLeft", "ArrowRight"):
            page.locator("#stage").press(key)
            drawn(page)
        after = page.locator("#stage").screenshot()
        assert lit(after) == pytest.approx(lit(before), rel=0.02)


def lit(picture: bytes) -> int:
    """How many pixels are not the ground's."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    ground = image.getpixel((2, 2))
    return sum(number for colour, number in enumerate(image.histogram()) if colour != ground)
