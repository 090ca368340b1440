"""Work in a process of its own gives what the library gives, and ends when nobody wants it."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from eventkg.errors import DataError, QueryError, TimeLimitError, UsageError, WorkerError
from eventkg.export import interactive
from eventkg.export.only import Only
from eventkg.kg import drawing, networkfiles
from eventkg.kg.apart import Apart, Told
from eventkg.kg.networkfiles import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from eventkg import KnowledgeGraph
    from eventkg.query.pool import Running

pytestmark = pytest.mark.slow
TURKEY = frozenset({"https://w3id.org/eventkg/id/actor/turkish-air-force"})


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """What stands here can be imported by the child."""
    monkeypatch.setenv("PYTHONPATH", str(root))


def told(kg: KnowledgeGraph, view: str | None = None) -> Told:
    return Told(kg.policy(view), kg.engine.version(), "of a test", kg.limits)


def children() -> list[psutil.Process]:
    def ours(process: psutil.Process) -> bool:
        try:
            return any("apartchild" in word for word in process.cmdline())
        except psutil.Error:
            return False

    return [process for process in psutil.Process().children() if ours(process)]


# What runs in the child: it can be imported there.
def names(graph: KnowledgeGraph, *views: str) -> bytes:
    rows = [graph.select("stats_statuses", view or None) for view in views]
    return json.dumps([[dict(row) for row in found] for found in rows], default=str).encode()


def wrong(graph: KnowledgeGraph, what: str) -> bytes:
    if what == "query":
        graph.query("SELECT * { oops")
    if what == "usage":
        raise UsageError("kind: 'x' found")
    if what == "memory":
        return bytes(bytearray(1 << 40))
    if what == "prints":
        print("not a frame", flush=True)  # noqa: T201
        return b"made"
    if what == "idles":
        time.sleep(100)
    graph.source.store()  # there is none
    return b""


@pytest.mark.parametrize("view", [None, "claimant/russian-defence-ministry"])
def test_the_child_sees_the_world_it_was_told_and_the_default_one(
    view: str | None, kg: KnowledgeGraph
) -> None:
    made = json.loads(Apart(kg, told(kg, view), 100).run(names, "", "told"))
    wanted = [kg.select("stats_statuses"), kg.select("stats_statuses", view)]
    assert made == [[dict(row) for row in rows] for rows in wanted]
    assert (made[0] == made[1]) is (view is None)


def test_what_it_draws_is_what_the_library_draws(kg: KnowledgeGraph) -> None:
    wanted = Wanted("actor-actor", Only(actors=TURKEY), kg.policy("all"))
    made = json.loads(Apart(kg, told(kg, "all"), 100).run(networkfiles.write, "json", wanted))
    network, behind = drawing.network_behind(kg, "actor-actor", "all", wanted.only)
    assert made["network"] == json.loads(json.dumps(interactive.columns(network, behind)))
    assert (made["nodes"], made["ties"]) == (len(network), network.number_of_edges())
    assert made["view"] == kg.policy("all").iri
    assert made["chosen"] == "actor actor:turkish-air-force"


@pytest.mark.parametrize(
    ("what", "error", "words"),
    [
        ("query", QueryError, "line 1"),
        ("usage", UsageError, "kind: 'x' found"),
        ("memory", DataError, "memory limit"),
        ("", UsageError, "another process has open"),
    ],
)
def test_what_goes_wrong_is_told_as_the_library_tells_it(
    what: str, error: type[Exception], words: str, kg: KnowledgeGraph
) -> None:
    with pytest.raises(error, match=words):
        Apart(kg, told(kg), 100).run(wrong, what)
    assert children() == []


def test_what_a_library_prints_does_no_harm(kg: KnowledgeGraph) -> None:
    assert Apart(kg, told(kg), 100).run(wrong, "prints") == b"made"


def test_it_ends_at_its_time_limit_and_when_nobody_wants_it(kg: KnowledgeGraph) -> None:
    with pytest.raises(TimeLimitError):
        Apart(kg, told(kg), 0.2).run(wrong, "idles")
    work = Apart(kg, told(kg), 100)
    threading.Timer(0.5, work.kill).start()
    with pytest.raises(WorkerError, match="nobody waits"):
        work.run(wrong, "idles")
    assert children() == []
    with pytest.raises(WorkerError, match="before it began"):
        work.run(wrong, "idles")


def test_each_of_its_queries_waits_its_turn(kg: KnowledgeGraph) -> None:
    turns: list[Any] = []

    @contextmanager
    def turn() -> Iterator[Callable[[Running], None]]:
        turns.append("begun")
        yield turns.append
        turns.append("ended")

    Apart(kg, told(kg), 100, turn).run(names, "", "")
    assert [turns[i] for i in (0, 2, 3, 5)] == ["begun", "ended"] * 2
    assert len(turns) == 6
