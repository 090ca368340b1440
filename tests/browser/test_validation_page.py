"""The validation page in a browser: how far the check is, and what it found."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from playwright.sync_api import expect
from tests.browser.conftest import NARROW, axe, fits

from eventkg.checking.findings import Checked, Finding, report
from eventkg.model.naming import EKGS
from eventkg.serve.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.conftest import Shot, Visit

    from eventkg import KnowledgeGraph
    from eventkg.checking.findings import Report
    from eventkg.kg.checks import How

HOSTILE = "<img src=x onerror=alert(1)>"
COMPONENT = "http://www.w3.org/ns/shacl#MinCountConstraintComponent"


def found(shape: str, number: int, severity: str, message: str) -> tuple[Checked, list[Finding]]:
    focus = "https://w3id.org/eventkg/id/claim/a-claim"
    shown = [
        Finding(EKGS + shape, COMPONENT, focus, f"{EKGS}x", HOSTILE, message, severity) for _ in range(number)
    ]
    return Checked(
        EKGS + shape,
        f"{EKGS}Claim",
        COMPONENT,
        number,
        0.1,
        severity=severity,
        message=message,
        label=shape,
        nodes=38,
    ), shown[:5]


class Broken:
    """The bundled graph, whose check finds what it is told once it is let go."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph, self.free = graph, threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._graph, name)

    def check(self, how: How) -> Report:
        assert how.progress
        how.progress(3, 9, f"{EKGS}Claim-stance")
        assert self.free.wait(100)
        told = [
            found("Claim-words", 2, "Warning", f"Words {HOSTILE}"),
            found("Claim-stance", 1_234, "Violation", "A claim has exactly one stance."),
            found("Claim-kept", 0, "Violation", "A claim has a claimant."),
        ]
        return report(
            [one for _, findings in told for one in findings], checked=[checked for checked, _ in told]
        )


@pytest.fixture
def broken(kg: KnowledgeGraph) -> Iterator[tuple[str, Broken]]:
    graph = Broken(kg)
    server = uvicorn.Server(uvicorn.Config(create_app(graph), port=0, log_level="error"))  # type: ignore[arg-type]
    socket = server.config.bind_socket()
    thread = threading.Thread(target=server.run, args=([socket],))
    thread.start()
    yield f"http://127.0.0.1:{socket.getsockname()[1]}", graph
    graph.free.set()
    server.should_exit = True
    thread.join(60)
    socket.close()


def test_the_bundled_graph_conforms(visit: Visit, shot: Shot) -> None:
    page = visit("/validation")
    expect(page.locator(".verdict")).to_contain_text("The graph conforms", timeout=60_000)
    expect(page.locator("tbody tr").first).to_be_visible()
    assert axe(page) == []
    shot(page, "validation")


def test_the_page_tells_how_far_the_check_is_and_then_what_it_found(
    broken: tuple[str, Broken], visit: Visit, shot: Shot
) -> None:
    address, graph = broken
    page = visit("/validation", address=address)
    expect(page.locator("ekg-validation")).to_contain_text("constraint 3 of 9")
    assert axe(page) == []
    shot(page, "validation-at-work")
    graph.free.set()
    expect(page.locator(".verdict")).to_contain_text("The graph does not conform", timeout=60_000)
    shapes = page.locator(".shape")
    expect(shapes.nth(0)).to_contain_text("Claim-stance")
    expect(shapes.nth(0)).to_contain_text(re.compile("1.234 violations"))
    expect(shapes.nth(0)).to_contain_text(re.compile("The first 5 of 1.234"))
    expect(shapes.nth(0).locator("td a").first).to_have_attribute("href", "/page/claim/a-claim")
    expect(shapes.nth(1)).to_contain_text(f"Words {HOSTILE}")
    assert page.locator("main img").count() == 0
    shot(page, "validation-broken")
    shapes.nth(0).get_by_role("link", name="Claim-stance").click()
    expect(page).to_have_url(re.compile(r"shape=ekgs:Claim-stance"))
    expect(page.locator(".shape")).to_have_count(1)


def test_without_a_script_the_page_loads_itself_again(broken: tuple[str, Broken], visit: Visit) -> None:
    address, graph = broken
    page = visit("/validation", address=address, java_script_enabled=False)
    expect(page.get_by_role("status")).to_contain_text(
        "The check is at work: constraint 3 of 9, ekgs:Claim-stance"
    )
    graph.free.set()
    expect(page.locator(".verdict")).to_contain_text("does not conform", timeout=60_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_findings(
    scheme: str, broken: tuple[str, Broken], visit: Visit, shot: Shot
) -> None:
    address, graph = broken
    graph.free.set()
    page = visit("/validation", address=address, color_scheme=scheme, viewport=NARROW)
    expect(page.locator(".verdict")).to_be_visible(timeout=60_000)
    assert axe(page) == []
    assert fits(page)
    shot(page, f"validation-360-{scheme}")


def test_a_shape_that_is_not_there_is_told(visit: Visit) -> None:
    page = visit("/validation")
    expect(page.locator(".verdict")).to_be_visible(timeout=60_000)
    page = visit("/validation?shape=ekgs:Nothing", status=404)
    expect(page.get_by_role("alert")).to_contain_text("ekgs:Nothing: no shape")
