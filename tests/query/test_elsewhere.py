"""Where nothing can be forked and less can be asked of the kernel: the same answers, from workers on disk.

Simulated: the processes started here are told that they run on another system.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.kg.stores import ROOT, load, many, state
from tests.query.processes import alive, descendants, wait_until

import eventkg
from eventkg.errors import DataError, TimeLimitError
from eventkg.kg.keeping import backup, restore
from eventkg.kg.loading import delete_graph
from eventkg.query import channel
from eventkg.query.crews import DiskCrew
from eventkg.query.engine import StoreEngine
from eventkg.query.job import Job
from eventkg.query.pool import Pool
from eventkg.settings import Limits
from eventkg.store import holds, process
from eventkg.store.overlay import ScratchCheckpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

FACTS, VIEWS = "SELECT ?e ?who { ?e ekg:performedBy ?who } ORDER BY ?e ?who", (None, "all")
COUNT = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s <urn:p> ?o }"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
_ELSEWHERE = """
import os, sys
sys.platform = "freebsd"
sys.modules["resource"] = None
"""
_EVERYTHING = """
import importlib, os, pkgutil, signal, sys
for name in ("fcntl", "resource"):
    sys.modules[name] = None
for name in ("fork", "O_DIRECTORY"):
    delattr(os, name)
for name in ("SIGKILL", "SIGALRM", "alarm"):
    delattr(signal, name)
import eventkg
names = [found.name for found in pkgutil.walk_packages(eventkg.__path__, "eventkg.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names))
"""
_PARENT = """
import sys, time
from eventkg.query import channel
from eventkg.query.engine import in_memory
from eventkg.query.job import Job
from eventkg.settings import Limits
channel.passes_descriptors = lambda: sys.argv[1] == "macOS"
quads = "".join(f"<urn:s:{n}> <urn:p> <urn:o:{n}> .\\n" for n in range(300))
with in_memory([quads.encode()], Limits()) as pool:
    running = pool.start(Job(sys.argv[2]))
    print("ready", flush=True)
    running.head()
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """For processes that take themselves to be on another system."""
    (tmp_path / "sitecustomize.py").write_text(_ELSEWHERE)
    path = os.pathsep.join([str(tmp_path), str(ROOT), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path.strip(os.pathsep)}


@pytest.fixture(params=["macOS", "Windows"])
def elsewhere(
    request: pytest.FixtureRequest,
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Nothing forks; and on Windows no descriptor is passed on, no folder locked, no symbolic link made."""
    monkeypatch.setenv("PYTHONPATH", environment["PYTHONPATH"])
    monkeypatch.setattr(process, "is_linux", lambda: False)
    if request.param == "Windows":
        monkeypatch.setattr(channel, "passes_descriptors", lambda: False)
        monkeypatch.setattr(holds, "fcntl", None)

        def refuse(*_: object) -> None:
            raise OSError(22, "a required privilege is not held by the client")

        monkeypatch.setattr(Path, "symlink_to", refuse)
    before = set(descendants(os.getpid()))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield request.param
    left = set(descendants(os.getpid())) - before
    assert wait_until(lambda: not [pid for pid in left if alive(pid)])
    assert list(temporary.iterdir()) == []


@pytest.fixture(scope="module")
def facts_on_linux(kg: eventkg.KnowledgeGraph) -> dict[str | None, Any]:
    """Asked before anything is pretended."""
    return {view: kg.query(FACTS, view) for view in VIEWS}


def count(graph: Any, **how: str) -> int:
    return int(graph.query(COUNT, **how)[0]["n"])


@pytest.mark.slow
@pytest.mark.usefixtures("elsewhere")
def test_the_bundled_graph_answers_as_it_does_on_linux(facts_on_linux: dict[str | None, Any]) -> None:
    with eventkg.open(timeout_s=60) as graph:
        for view, expected in facts_on_linux.items():
            found: Any = graph.query(FACTS, view)
            assert list(found) == list(expected)
            assert len(found) > 3
        engine: Any = graph.engine
        assert isinstance(engine._pool._crew, DiskCrew)
    with eventkg.open(timeout_s=1) as graph:
        with pytest.raises(TimeLimitError, match="the time limit is 1 s"):
            graph.query(CROSS)
        assert graph.limits.timeout_s == 1


@pytest.mark.slow
def test_a_store_is_loaded_asked_kept_and_changed_as_on_linux(
    elsewhere: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store, file = tmp_path / "store", many(tmp_path / "file.nt", 40)
    load(store, file, graph="urn:a")
    assert (store / "current").is_symlink() == (elsewhere == "macOS")
    with (
        caplog.at_level(logging.WARNING),
        eventkg.open(store, "memory", timeout_s=60) as graph,
    ):
        assert count(graph) == 40
        assert caplog.messages == [f"no process can be forked here: {store} is answered from disk"]
        first = store / "checkpoints" / state(store)[0]
        load(store, file, graph="urn:b")
        load(store, file, graph="urn:c")
        assert first.exists()  # the graph holds it until it is asked again
        assert graph.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s <urn:p> ?o } }")[0]["n"] == 120  # type: ignore[index]
        assert count(graph, view="all") == 40
        backup(store, tmp_path / "backup")
        delete_graph(store, "urn:a")
        before = state(store)
        (tmp_path / "bad.ttl").write_text("<urn:s> <urn:p> .")
        with pytest.raises(DataError, match=r"bad\.ttl: line 1, column 17"):
            load(store, tmp_path / "bad.ttl")
        assert state(store) == before
        restore(tmp_path / "backup", store)
        assert count(graph) == 40
    load(store, file, graph="urn:d")
    assert [path.name for path in (store / "checkpoints").iterdir()] == [state(store)[0]]


@pytest.mark.slow
@pytest.mark.usefixtures("elsewhere")
def test_a_worker_that_is_killed_costs_one_query(tmp_path: Path) -> None:
    load(tmp_path / "store", many(tmp_path / "file.nt", 30))
    with StoreEngine(tmp_path / "store", Limits(60, 1024, 1)) as engine:
        with engine.start(Job(CROSS)) as running:
            running.kill()
            with pytest.raises(Exception, match="ended unexpectedly"):
                running.head()
        said = json.loads(engine.ask(Job(COUNT))[1])
        assert said["results"]["bindings"][0]["n"]["value"] == "30"


@pytest.mark.slow
@pytest.mark.parametrize("system", ["macOS", "Windows"])
def test_a_query_does_not_outlive_a_parent_that_is_killed(system: str, environment: dict[str, str]) -> None:
    command = [sys.executable, "-P", "-c", _PARENT, system, CROSS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        try:
            assert parent.stdout is not None
            assert parent.stdout.readline() == "ready\n"
            below = descendants(parent.pid)
        finally:
            parent.kill()
    assert len(below) == 1
    assert wait_until(lambda: not any(map(alive, below)), 60)


@pytest.mark.slow
def test_every_module_can_be_imported_without_what_only_posix_has() -> None:
    command = [sys.executable, "-P", "-c", _EVERYTHING]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60


def test_a_stranger_who_connects_first_is_not_taken_for_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not know the secret is dropped, and the worker is still heard."""
    accept, strangers = channel._accept, []

    def after_strangers(listener: socket.socket, *rest: Any) -> socket.socket:
        for said in (b"x" * 32, b"short", b""):
            stranger = socket.create_connection(listener.getsockname())
            stranger.sendall(said)
            strangers.append(stranger)
        return accept(listener, *rest)

    monkeypatch.setattr(channel, "passes_descriptors", lambda: False)
    monkeypatch.setattr(channel, "_accept", after_strangers)
    crew = DiskCrew(ScratchCheckpoint([b"<urn:s> <urn:p> <urn:o> .\n"]), 1024)
    with Pool(crew, Limits(60, 1024, 1)) as pool:
        assert b"true" in pool.ask(Job("ASK { ?s <urn:p> ?o }"))[1]
    for stranger in strangers:
        stranger.close()
