"""Processes that are killed from outside: an error that says so, no hang, no orphan."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from tests.query.kinds import ENDLESS, STREAM, holder
from tests.query.processes import alive, children, descendants, wait_until

from eventkg.errors import WorkerError
from eventkg.query.crews import ForkedCrew
from eventkg.query.engine import in_memory
from eventkg.query.job import Job
from eventkg.settings import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from tests.query.kinds import OpenPool

_PARENT = """
import time
from eventkg.query.job import Job
from tests.query.conftest import _opened
from tests.query.kinds import STREAM
with _opened() as pool:
    running = [pool.start(Job(STREAM)) for _ in range(2)]
    for one in running:
        one.head()
    print("ready", flush=True)
    time.sleep(600)
"""


def test_a_worker_killed_from_outside_is_an_error_and_the_next_query_is_answered(open_pool: OpenPool) -> None:
    with open_pool() as pool, pool.start(Job(STREAM)) as running:
        running.head()
        (worker,) = children(holder(pool))
        os.kill(worker, signal.SIGKILL)
        with pytest.raises(WorkerError, match=r"ended unexpectedly \(signal 9\)"):
            for _ in running.chunks():
                pass
        assert b"true" in pool.ask(Job("ASK { }"))[1]


def test_an_idle_worker_killed_from_outside_costs_one_query_at_most(open_pool: OpenPool) -> None:
    with open_pool(workers=1) as pool:
        pool.ask(Job("ASK { }"))
        (worker,) = children(holder(pool))
        os.kill(worker, signal.SIGKILL)
        assert wait_until(lambda: not alive(worker))
        with contextlib.suppress(WorkerError):
            pool.ask(Job("ASK { }"))
        assert b"true" in pool.ask(Job("ASK { }"))[1]


@pytest.mark.slow
def test_the_holder_killed_from_outside_is_an_error_and_no_hang(open_pool: OpenPool) -> None:
    with open_pool(timeout_s=5) as pool:
        pool.ask(Job("ASK { }"))
        with pool.start(Job(ENDLESS)) as running:
            os.kill(holder(pool), signal.SIGKILL)
            started = time.monotonic()
            with pytest.raises(WorkerError, match="process that holds the snapshot has ended"):
                running.head()
        for _ in range(3):
            with pytest.raises(WorkerError, match="process that holds the snapshot has ended"):
                pool.ask(Job("ASK { }"))
        assert time.monotonic() - started < 4
        assert not pool.alive()


def test_a_holder_that_does_not_end_is_killed_when_its_pool_is_closed(
    open_pool: OpenPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ForkedCrew, "patience_s", 0.2)
    with open_pool() as pool:
        pool.ask(Job("ASK { }"))
        stopped = holder(pool)
        os.kill(stopped, signal.SIGSTOP)
    assert not alive(stopped)


@pytest.mark.slow
def test_fifty_queries_at_once_share_two_workers(open_pool: OpenPool) -> None:
    with open_pool(workers=2) as pool:
        answers: dict[int, bytes] = {}

        def ask(number: int) -> None:
            query = f"SELECT ?o {{ <urn:s:{number}> ?p ?o }}"
            answers[number] = pool.ask(Job(query, solutions="csv"))[1]

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(50)]
        for thread in threads:
            thread.start()
        most = 0
        while any(thread.is_alive() for thread in threads):
            most = max(most, len(children(holder(pool))))
        assert answers == {number: f"o\r\nurn:o:{number}\r\n".encode() for number in range(50)}
        assert most <= 2


def test_closing_a_pool_ends_every_process(open_pool: OpenPool) -> None:
    with open_pool() as pool:
        pool.ask(Job("ASK { }"))
        streams = [pool.start(Job(STREAM)) for _ in range(2)]
        for running in streams:
            running.head()
        processes = [holder(pool), *descendants(holder(pool))]
        assert len(processes) == 3
        pool.close()
        assert wait_until(lambda: not any(map(alive, processes)))
        for running in streams:
            with pytest.raises(WorkerError):
                list(running.chunks())
        pool.close()


@pytest.mark.slow
def test_a_parent_that_is_killed_leaves_no_orphan(root: Path) -> None:
    command = [sys.executable, "-c", _PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as parent:
        try:
            assert parent.stdout is not None
            assert parent.stdout.readline() == "ready\n"
            below = descendants(parent.pid)
        finally:
            parent.kill()
    assert len(below) == 3  # the holder and two workers
    assert wait_until(lambda: not any(map(alive, below)), 10)


def test_a_snapshot_that_cannot_be_loaded_is_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WorkerError, match="could not load it"):
        in_memory([b"this is no N-Quads\n"], Limits())
    capfd.readouterr()


@pytest.mark.slow
def test_modules_of_the_working_directory_are_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('a stranger')", encoding="utf-8")
    command = [sys.executable, "-P", "-m", "eventkg", "query", "ASK { }"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("yes\n", 0), done.stderr
