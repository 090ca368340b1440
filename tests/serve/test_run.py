"""Starting and stopping the service."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
from tests.query.processes import alive, descendants, wait_until
from tests.serve.test_limits import STREAM

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = [sys.executable, "-m", "eventkg", "serve"]


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server and its address; killed at the end if the test has not stopped it."""
    with subprocess.Popen([*COMMAND, "--port", "0", *options], stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            found = re.search(r"http://\S+", process.stderr.readline())
            assert found
            yield process, found[0].rstrip("/")
        finally:
            process.kill()


@pytest.mark.slow
def test_a_signal_stops_the_service_within_seconds_even_in_mid_stream() -> None:
    """Both signals at a time, to a service each, because each service waits some seconds for its stream."""
    with ThreadPoolExecutor() as both:
        for done in [both.submit(stopped_in_mid_stream, one) for one in (signal.SIGTERM, signal.SIGINT)]:
            done.result()


def stopped_in_mid_stream(ended_by: signal.Signals) -> None:
    with started() as (process, address):

        def read_endlessly() -> None:
            try:
                with httpx.stream("GET", f"{address}/sparql", params={"query": STREAM}, timeout=60) as answer:
                    for _ in answer.iter_bytes():
                        reading.set()
            except httpx.HTTPError:
                pass

        reading = threading.Event()
        client = threading.Thread(target=read_endlessly)
        client.start()
        assert reading.wait(20)
        below = descendants(process.pid)
        assert len(below) >= 2
        asked = time.monotonic()
        process.send_signal(ended_by)
        process.wait(timeout=20)
        assert time.monotonic() - asked < 12
        client.join(timeout=20)
        assert wait_until(lambda: not any(map(alive, below)))
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


@pytest.mark.slow
def test_an_idle_service_stops_at_once() -> None:
    with started() as (process, address):
        assert httpx.get(f"{address}/healthz").status_code == 200
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        assert time.monotonic() - asked < 4


@pytest.mark.slow
def test_a_port_that_is_taken_is_one_line_and_code_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*COMMAND, "--port", port], capture_output=True, text=True, timeout=60, check=False
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"eventkg: 127.0.0.1:{port}: Address already in use; a free address expected\n"


@pytest.mark.parametrize(
    "options", [["--host", "203.0.113.1"], ["--host", "no.such.host.invalid"], ["--port", "70000"]]
)
@pytest.mark.slow
def test_an_address_that_cannot_be_is_one_line_and_code_2(options: list[str]) -> None:
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("eventkg: ")
    assert done.stderr.count("\n") == 1


def test_only_this_machine_is_served_unless_told(server: str) -> None:
    port = urlsplit(server).port
    assert urlsplit(server).hostname == "127.0.0.1"
    listening = [
        fields[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(table).exists()
        for fields in (line.split() for line in Path(table).read_text(encoding="ascii").splitlines()[1:])
        if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port
    ]
    assert listening == [f"0100007F:{port:04X}"]


@pytest.mark.slow
def test_an_ipv6_address_is_shown_as_a_link_that_works() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 loopback here")
    with started("--host", "::1") as (_, address):
        assert address.startswith("http://[::1]:")
        assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
