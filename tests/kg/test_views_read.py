"""What was said is read by a worker where the state is in memory; the view is the same however it is read."""

from __future__ import annotations

import queue
import shutil
import threading
import time
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from tests.kg.test_views import store

import eventkg
from eventkg.claims import worlds
from eventkg.claims.policy import NOBODY, Policy
from eventkg.errors import MemoryLimitError, TimeLimitError
from eventkg.kg import views
from eventkg.kg.changing import changing
from eventkg.model.naming import VIEW
from eventkg.query.engine import StoreEngine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventkg import KnowledgeGraph
    from eventkg.query.job import Job

__all__ = ["store"]  # the fixture
pytestmark = pytest.mark.slow
_UNOPPOSED = Policy(f"{VIEW}unopposed", denial_veto=NOBODY)
_FACTS = "SELECT ?s ?p ?o { GRAPH graph:derived { ?s ?p ?o } } ORDER BY ?s ?p ?o"


@pytest.fixture(autouse=True)
def _much(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if so much were said that all of it is read."""
    monkeypatch.setattr(worlds, "_FEW", -1)


@pytest.fixture
def memory(store: Path) -> Iterator[tuple[KnowledgeGraph, StoreEngine]]:
    with eventkg.open(store, "memory") as graph:
        assert isinstance(graph.engine, StoreEngine)
        graph.query("ASK {}")
        while not graph.engine.in_memory():
            time.sleep(0.05)
        yield graph, graph.engine


@pytest.fixture(scope="module")
def on_disk(store: Path) -> list[dict[str, Any]]:
    with eventkg.open(store, "disk") as graph:
        return list(graph.query(_FACTS, _UNOPPOSED))  # type: ignore[arg-type]


def test_a_worker_reads_what_was_said(
    memory: tuple[KnowledgeGraph, StoreEngine], on_disk: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    graph, engine = memory
    asked: list[str] = []
    answer = engine.ask

    def ask(job: Job) -> Any:
        asked.append(job.query)
        return answer(job)

    monkeypatch.setattr(engine, "ask", ask)
    assert list(graph.query(_FACTS, _UNOPPOSED)) == on_disk  # type: ignore[arg-type]
    assert len(asked) == 5


@pytest.mark.parametrize(
    ("most", "overtaken", "again"), [(200_000, False, 0), (1, False, 5), (200_000, True, 5)]
)
def test_what_was_said_is_read_ahead_unless_it_is_too_much_or_a_writer_was_faster(
    most: int,
    overtaken: bool,
    again: int,
    memory: tuple[KnowledgeGraph, StoreEngine],
    on_disk: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph, engine = memory
    asked: list[str] = []
    answer, read = engine.ask, engine.read

    def ask(job: Job) -> Any:
        asked.append(job.query)
        return answer(job)

    monkeypatch.setattr(engine, "ask", ask)
    monkeypatch.setattr(engine, "read", lambda reading: read(reading) + ("-earlier" if overtaken else ""))
    monkeypatch.setattr(views, "_AHEAD", most)
    before = set(threading.enumerate())
    graph.read_ahead()
    for thread in set(threading.enumerate()) - before:
        thread.join()
    begun = len(asked)
    assert begun == (1 if most == 1 else 6)
    assert list(graph.query(_FACTS, _UNOPPOSED)) == on_disk  # type: ignore[arg-type]
    assert len(asked) - begun == again


def test_each_state_is_read_ahead_once_it_is_in_memory(store: Path, tmp_path: Path) -> None:
    own = shutil.copytree(store, tmp_path / "own", symlinks=True)
    states: queue.Queue[str] = queue.Queue()
    with eventkg.open(own, "memory") as graph:
        engine = graph.engine
        assert isinstance(engine, StoreEngine)
        read = engine.read
        engine.read = lambda reading: states.put(state := read(reading)) or state  # type: ignore[method-assign,func-returns-value]
        graph.read_ahead()
        first = states.get(timeout=60)
        with changing(own) as change:
            change.store.add(ox.Quad(ox.NamedNode("urn:x:a"), ox.NamedNode("urn:x:b"), ox.Literal("more")))
            change.derive()
        graph.query("ASK {}")
        assert states.get(timeout=60) == engine.version() != first


@pytest.mark.parametrize("problem", [TimeLimitError(1.0, 1.0), MemoryLimitError(1)])
def test_where_a_worker_may_not_read_so_much_the_store_is_read(
    memory: tuple[KnowledgeGraph, StoreEngine],
    on_disk: list[Any],
    problem: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph, engine = memory

    def ask(_: Job) -> Any:
        raise problem

    monkeypatch.setattr(engine, "ask", ask)
    assert list(graph.query(_FACTS, _UNOPPOSED)) == on_disk  # type: ignore[arg-type]


def test_what_a_writer_has_overtaken_is_read_again(
    memory: tuple[KnowledgeGraph, StoreEngine], on_disk: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer out of another state than the view's is never part of it."""
    graph, engine = memory
    version, answer = engine.version, engine.ask
    overtaken: list[bool] = []

    def ask(job: Job) -> Any:
        overtaken.append(True)
        head, _ = answer(job)
        return head, b"?node\t?property\t?value\n"

    monkeypatch.setattr(engine, "ask", ask)
    monkeypatch.setattr(engine, "version", lambda: version() + ("-later" if overtaken else ""))
    assert list(graph.query(_FACTS, _UNOPPOSED)) == on_disk  # type: ignore[arg-type]
    assert overtaken


def test_a_graph_that_is_closed_while_it_is_read_ahead_says_nothing(
    store: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A thread that ends by an error would print it."""
    begun, go = threading.Event(), threading.Event()

    def slow(_: Any) -> int:
        begun.set()
        assert go.wait(60)
        return 1

    monkeypatch.setattr(views, "_propositions", slow)
    graph = eventkg.open(store, "memory")
    graph.read_ahead()
    assert begun.wait(60)
    closing = threading.Thread(target=graph.close)
    closing.start()
    go.set()
    closing.join(60)
    assert not closing.is_alive()
    assert capfd.readouterr().err == ""
