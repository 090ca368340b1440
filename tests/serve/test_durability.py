"""An update that was acknowledged is there after the power of the process is cut, whole."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.query.processes import alive, children, descendants, wait_until
from tests.serve.stores import writable

if TYPE_CHECKING:
    from tests.serve.stores import Endpoint

ROUNDS = 20


def server_of(before: set[int]) -> int:
    (process,) = [
        child
        for child in set(children(os.getpid())) - before
        if b"serve" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    return process


def writers(process: int) -> list[int]:
    """The process that writes, and its child if it is at it."""
    return [
        pid
        for pid in descendants(process)
        if b"eventkg.kg.scribe" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def write_until_killed(endpoint: Endpoint, start: int, said: list[int]) -> None:
    """Each update inserts two triples in two operations; one is whole only with both."""
    for number in range(start, start + 1000):
        text = f"INSERT DATA {{ <urn:n> <urn:a> {number} }} ; INSERT DATA {{ <urn:n> <urn:b> {number} }}"
        try:
            endpoint.done(text)
        except (httpx.HTTPError, AssertionError):
            return
        said.append(number)


@pytest.mark.slow
def test_what_was_acknowledged_survives_kill_9_twenty_times(tmp_path: Path) -> None:
    said: list[int] = []
    before = set(children(os.getpid()))
    with writable(tmp_path, "--default-graph", "exclusive") as endpoint:
        process = server_of(before)
        for number in range(ROUNDS):
            last = number == ROUNDS - 1  # then the whole service goes
            count = len(said)
            writer = threading.Thread(target=write_until_killed, args=(endpoint, 1000 * number, said))
            writer.start()
            assert wait_until(lambda n=count: len(said) > n, 60)  # type: ignore[misc]
            below = descendants(process)
            for pid in [process] if last else writers(process)[::-1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            writer.join(60)
        assert wait_until(lambda: not any(map(alive, below)))
    with writable(tmp_path, "--default-graph", "exclusive") as endpoint:
        found = [{int(n) for (n,) in endpoint.rows(f"SELECT ?n {{ ?s <urn:{p}> ?n }}")} for p in "ab"]
    assert found[0] == found[1]
    assert set(said) <= found[0]
    assert len(said) >= ROUNDS


@pytest.mark.slow
def test_a_read_only_folder_is_served_and_writes_are_refused_without_its_name(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    with writable(tmp_path) as endpoint:
        endpoint.done("INSERT DATA { <urn:a> <urn:b> 1 }")
        for folder in (tmp_path / "store", tmp_path / "store" / "drafts"):
            folder.chmod(0o500)
        try:
            answer = endpoint.update("INSERT DATA { <urn:a> <urn:b> 2 }")
            assert answer.status_code == 500
            assert str(tmp_path) not in answer.text
            assert endpoint.ask("ASK { <urn:a> <urn:b> 1 }")
        finally:
            for folder in (tmp_path / "store", tmp_path / "store" / "drafts"):
                folder.chmod(0o700)
