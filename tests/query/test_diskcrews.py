"""Workers on disk on Linux: forked from one process that ends with the last crew, and without a network."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from tests.query.processes import alive, children, wait_until

from eventkg.errors import EventkgError
from eventkg.query import diskcrews
from eventkg.query.diskcrews import disk_crew
from eventkg.query.job import Job
from eventkg.query.pool import Pool
from eventkg.settings import Limits
from eventkg.store.overlay import ScratchCheckpoint

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
QUADS = b"<urn:s> <urn:p> <urn:o> .\n"
CROSS = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(30)) + " }"


def forkers() -> list[int]:
    def command(pid: int) -> bytes:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return b""

    return [pid for pid in children(os.getpid()) if b"eventkg.query.diskforker" in command(pid)]


@pytest.fixture(autouse=True)
def others(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The processes that fork for crews of other tests; the crews here have one of their own."""
    monkeypatch.setattr(diskcrews, "_FORKER", diskcrews._Forker())
    return set(forkers())


def opened(quads: bytes = QUADS) -> Pool:
    return Pool(disk_crew(ScratchCheckpoint([quads]), 1024), Limits(60, 1024, 2))


def network(pid: int) -> str:
    return str(Path(f"/proc/{pid}/ns/net").readlink())


def refuses_sockets(pid: int) -> bool:
    """Whether the kernel filters its system calls (proc(5))."""
    return "\nSeccomp:\t2\n" in Path(f"/proc/{pid}/status").read_text(encoding="ascii")


def test_crews_share_one_process_that_ends_with_the_last_of_them(others: set[int]) -> None:
    one, other = opened(), opened(b"<urn:s> <urn:p> <urn:other> .\n")
    for pool, found in ((one, b"urn:o"), (other, b"urn:other")):
        assert found in pool.ask(Job("SELECT ?o { ?s <urn:p> ?o }"))[1]
    (forker,) = set(forkers()) - others
    workers = children(forker)
    assert len(workers) >= 2
    for worker in workers:
        assert network(worker) != network(os.getpid()) or refuses_sockets(worker)
    one.close()
    assert b"urn:other" in other.ask(Job("SELECT ?o { ?s <urn:p> ?o }"))[1]
    other.close()
    assert wait_until(lambda: not any(map(alive, [forker, *workers])), 60)


def test_a_view_is_a_crew_over_a_changed_copy() -> None:
    with opened() as pool, pool.branch(QUADS, b"<urn:s> <urn:p> <urn:new> .\n") as view:
        for each, found in ((pool, b"urn:o"), (view, b"urn:new")):
            assert found in each.ask(Job("SELECT ?o { ?s <urn:p> ?o }"))[1]


def test_when_the_forking_process_is_killed_the_next_queries_get_another(others: set[int]) -> None:
    with opened() as pool:
        pool.ask(Job("ASK { }"))
        (forker,) = set(forkers()) - others
        below = children(forker)
        os.kill(forker, signal.SIGKILL)
        assert wait_until(lambda: not any(map(alive, [forker, *below])), 60)
        with pytest.raises(EventkgError):  # by the worker that was kept warm and died with it
            pool.ask(Job("ASK { }"))
        assert b"true" in pool.ask(Job("ASK { }"))[1]
        assert set(forkers()) - others != {forker}
