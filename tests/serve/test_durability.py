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

ROUNDS, COSTLY = 20, {9, 18}  # in the costly ones a process has to be started anew, in the last the service


def server_of(before: set[int]) -> int:
    (process,) = [child for child in set(children(os.getpid())) - before if b"serve" in command_of(child)]
    return process


def victims(process: int, number: int) -> list[int]:
    """In the last round the service, in costly ones the process that writes, else its child that is at it."""
    if number == ROUNDS - 1:
        return [process]
    scribes = [pid for pid in children(process) if b"eventkg.kg.scribe" in command_of(pid)]
    return scribes if number in COSTLY else [child for pid in scribes for child in children(pid)]


def command_of(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it has ended
        return b""


def struck(process: int, number: int, writer: threading.Thread) -> bool:
    """Whether a blow has hit: one between two updates hits nobody, or somebody who has just finished."""
    for pid in victims(process, number):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return not writer.is_alive()


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
            count = len(said)
            writer = threading.Thread(target=write_until_killed, args=(endpoint, 1000 * number, said))
            writer.start()
            assert wait_until(lambda n=count: len(said) > n, 60)  # type: ignore[misc]
            below = descendants(process)
            assert wait_until(lambda n=number, w=writer: struck(process, n, w), 60)  # type: ignore[misc]
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
