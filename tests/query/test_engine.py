"""Queries over a store that changes: each on the state that was current when it began, none disturbed."""

from __future__ import annotations

import contextlib
import gc
import http.client
import json
import os
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import serving
from tests.kg.stores import copied, eventkg, load, many
from tests.query.conftest import Canary
from tests.query.kinds import ALL, ENDLESS, GREEDY
from tests.query.processes import alive, descendants, memory_mb, wait_until
from tests.query.test_lexical import SERVICES

from eventkg.errors import DataError, EventkgError, MemoryLimitError, QueryError, TimeLimitError, WorkerError
from eventkg.query import engine as engine_module
from eventkg.query import pool as pool_module
from eventkg.query.engine import StoreEngine
from eventkg.query.job import Job
from eventkg.settings import Limits
from eventkg.store.directory import current_name
from eventkg.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST, SECOND = 300, 100  # statements of a first load, and of a second one
COUNT = Job("SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }")
ROWS = Job("SELECT ?s ?b { ?s <urn:p> ?o . ?a <urn:p> ?b }", solutions="tsv")  # megabytes, and no end of work


def three_hundred(folder: Path) -> None:
    """A store with 300 statements of <urn:p>."""
    load(folder / "store", many(folder / "first.nt", FIRST))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return copied(tmp_path, three_hundred) / "store"


def write(store: Path) -> None:
    """100 statements more."""
    load(store, many(store.parent / "second.nt", SECOND), graph="urn:second")


@contextlib.contextmanager
def opened(
    store: Path, mode: Any = "disk", timeout_s: float = 30, memory: int = 1024
) -> Iterator[StoreEngine]:
    before = set(descendants(os.getpid()))
    with StoreEngine(store, Limits(timeout_s, memory, 2), mode) as engine:
        yield engine
    left = set(descendants(os.getpid())) - before
    assert not [pid for pid in left if alive(pid)]


def count(engine: StoreEngine) -> int:
    return int(json.loads(engine.ask(COUNT)[1])["results"]["bindings"][0]["n"]["value"])


def test_a_store_answers_from_disk_as_soon_as_it_is_open_and_from_memory_when_that_is_loaded(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_load = monkeypatch_gate(monkeypatch)
    with opened(store, "memory") as engine:
        assert not engine.in_memory()
        assert count(engine) == FIRST
        assert not engine.in_memory()
        may_load.set()
        assert wait_until(engine.in_memory)
        assert count(engine) == FIRST


def monkeypatch_gate(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Snapshots are not loaded before the event that is returned is set."""
    import threading

    gate, feed = threading.Event(), engine_module._Dump.__call__

    def slow(dump: Any, stdin: Any) -> None:
        gate.wait(60)
        feed(dump, stdin)

    monkeypatch.setattr(engine_module._Dump, "__call__", slow)
    return gate


@pytest.mark.parametrize("mode", ["disk", "memory"])
def test_the_query_after_a_write_sees_it(store: Path, mode: str) -> None:
    with opened(store, mode) as engine:
        if mode == "memory":
            assert wait_until(engine.in_memory)
        version = engine.version()
        write(store)
        assert count(engine) == FIRST + SECOND
        assert engine.version() == current_name(store) > version
        if mode == "memory":
            assert wait_until(engine.in_memory)
            assert count(engine) == FIRST + SECOND


def test_a_write_while_memory_is_loading_is_seen_at_once_and_the_old_snapshot_never_comes(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_load = monkeypatch_gate(monkeypatch)
    with opened(store, "memory") as engine:
        outdated = engine._state.coming
        assert outdated is not None
        write(store)
        assert count(engine) == FIRST + SECOND
        assert wait_until(lambda: not outdated.alive())
        may_load.set()
        assert wait_until(engine.in_memory)
        assert count(engine) == FIRST + SECOND


def test_memory_is_not_chosen_where_it_does_not_suffice(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(store, "auto") as engine:
        assert wait_until(engine.in_memory)
    monkeypatch.setattr(engine_module, "_EXPANSION", 1e9)
    with opened(store, "auto") as engine:
        assert engine._state.coming is None
        assert count(engine) == FIRST
        assert not engine.in_memory()


def test_a_snapshot_that_cannot_be_loaded_leaves_the_answers_to_the_disk(
    store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Any, stdin: Any) -> None:
        stdin.write(b"no N-Quads\n")

    monkeypatch.setattr(engine_module._Dump, "__call__", broken)
    with opened(store, "memory") as engine:
        assert wait_until(lambda: "stays on disk" in caplog.text)
        assert count(engine) == FIRST
        assert not engine.in_memory()


@pytest.mark.parametrize("mode", ["disk", "memory"])
def test_a_query_under_way_ends_undisturbed_on_the_state_it_began_with(store: Path, mode: str) -> None:
    with opened(store, mode) as engine:
        if mode == "memory":
            assert wait_until(engine.in_memory)
        old = store / "checkpoints" / engine.version()
        with engine.start(ROWS) as running:
            running.head()
            for _ in range(2):
                write(store)
                assert count(engine) == FIRST + SECOND
            assert old.exists() or mode == "memory"
            rows = b"".join(running.chunks()).count(b"\n") - 1
        assert rows == FIRST * FIRST
        with Writer(store):
            assert not old.exists()
            assert len(list((store / "checkpoints").iterdir())) == 1
        assert count(engine) == FIRST + SECOND


def test_a_query_that_is_given_up_lets_its_checkpoint_go(store: Path) -> None:
    with opened(store) as engine:
        old = store / "checkpoints" / engine.version()
        running = engine.start(ROWS)
        running.head()
        write(store)
        assert count(engine) == FIRST + SECOND
        with Writer(store):
            assert old.exists()
        running.close()
        with Writer(store):
            assert not old.exists()


def test_closing_ends_every_process_and_whoever_waits_is_told(store: Path) -> None:
    with opened(store, "memory") as engine:
        running = engine.start(Job(ENDLESS))
        write(store)
        count(engine)
        newer = engine.start(ROWS)
        newer.head()
    with pytest.raises(WorkerError):
        running.head()
    with pytest.raises(WorkerError, match="closed"):
        engine.ask(COUNT)
    for one in (running, newer):
        one.close()
    with Writer(store):
        assert len(list((store / "checkpoints").iterdir())) == 1


@pytest.mark.slow
def test_workers_on_disk_stop_at_the_time_limit(store: Path) -> None:
    with opened(store, timeout_s=1) as engine:
        with pytest.raises(TimeLimitError, match="the time limit is 1 s"):
            engine.ask(Job(ENDLESS))
        assert count(engine) == FIRST


@pytest.mark.slow
def test_workers_on_disk_stop_at_the_memory_limit(store: Path) -> None:
    with opened(store, timeout_s=60, memory=64) as engine:
        with pytest.raises(MemoryLimitError, match="memory limit of 64 MiB"):
            engine.ask(Job(GREEDY))
        assert count(engine) == FIRST


def test_workers_on_disk_call_no_host_even_where_the_check_is_fooled(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Canary() as canary, opened(store) as engine:
        for query in SERVICES.values():
            with pytest.raises(QueryError):
                engine.ask(Job(query.replace("@", canary.iri)))
        monkeypatch.setattr(pool_module, "check_query", lambda _: None)
        for query in SERVICES.values():
            with contextlib.suppress(EventkgError):
                engine.ask(Job(query.replace("@", canary.iri)))
        assert not canary.called()
        assert count(engine) == FIRST


def test_a_damaged_store_says_so_in_one_line_and_every_time(store: Path) -> None:
    with opened(store) as engine:
        for table in (store / "current").glob("*.sst"):
            table.write_bytes(b"")
        for _ in range(3):
            with pytest.raises(
                DataError, match=r"checkpoints/\d+: damaged \(.*\); restore a backup"
            ) as refused:
                engine.ask(COUNT)
            assert "\n" not in str(refused.value)


@pytest.mark.slow
def test_many_states_come_and_go_and_leave_no_process_and_no_descriptor(store: Path) -> None:
    others = set(descendants(os.getpid()))

    def ours() -> set[int]:
        return set(descendants(os.getpid())) - others

    with opened(store, "memory") as engine:
        write(store)
        count(engine)
        gc.collect()
        handles = len(os.listdir("/proc/self/fd"))  # noqa: PTH208  (names alone)
        for _ in range(6):
            write(store)
            assert count(engine) == FIRST + SECOND
        assert wait_until(engine.in_memory)
        assert wait_until(lambda: len(os.listdir("/proc/self/fd")) <= handles + 8)  # noqa: PTH208
        assert wait_until(lambda: len(ours()) <= 4)
        assert all(memory_mb(pid) < 500 for pid in ours())


def asked(address: str, query: str) -> int:
    with urllib.request.urlopen(f"{address}/sparql?{urllib.parse.urlencode({'query': query})}") as answer:  # noqa: S310
        return int(json.load(answer)["results"]["bindings"][0]["n"]["value"])


@pytest.mark.slow
@pytest.mark.parametrize("snapshot", ["disk", "memory"])
def test_a_server_shows_what_another_process_loads_by_its_next_query(store: Path, snapshot: str) -> None:
    with serving("-l", str(store), "--snapshot", snapshot) as address:
        assert asked(address, COUNT.query) == FIRST
        code, out, _ = eventkg("query", "-l", store, "--format", "csv", COUNT.query)
        assert (code, out.split()) == (0, ["n", str(FIRST)])
        write(store)
        assert asked(address, COUNT.query) == FIRST + SECOND
        code, out, _ = eventkg("query", "-l", store, "--format", "csv", COUNT.query)
        assert (code, out.split()) == (0, ["n", str(FIRST + SECOND)])
        write(store)
        connection = http.client.HTTPConnection(address.removeprefix("http://"))
        connection.request("GET", f"/sparql?{urllib.parse.urlencode({'query': f'SELECT * {ALL}'})}")
        answer = connection.getresponse()
        answer.read(1000)
        assert asked(address, COUNT.query) == FIRST + SECOND
        connection.close()
