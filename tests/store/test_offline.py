"""A process gives up the network by whatever means the kernel leaves it, and keeps what it has open."""

from __future__ import annotations

import platform as platform_module
import subprocess
import sys

import pytest
from tests.query.conftest import Canary

from eventkg.store import offline

_PROCESS = """
import socket, sys, tempfile
from eventkg.store import offline
means, port = sys.argv[1], int(sys.argv[2])
ask, forbidden = offline._unshare, {"namespace": (), "filter": (1 << 28, 1 << 30), "": (1 << 28, 1 << 30)}
offline._unshare = lambda flags: ask(flags) if not any(flags & one for one in forbidden[means]) else False
if not means:
    offline._refuse_sockets = lambda: False
ours, theirs = socket.socketpair()
said = offline.leave_network()
try:
    socket.create_connection(("127.0.0.1", port), 5).close()
    reached = True
except OSError:
    reached = False
ours.send(b"x")
with tempfile.TemporaryFile() as file:
    file.write(theirs.recv(1))
print(said, reached)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="of the Linux kernel")
@pytest.mark.parametrize("means", ["namespace", "filter", ""])
def test_a_process_leaves_the_network_by_what_the_kernel_allows(means: str) -> None:
    with Canary() as canary:
        port = canary.iri.rpartition(":")[2].partition("/")[0]
        command = [sys.executable, "-P", "-c", _PROCESS, means, port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        said, reached = done.stdout.removesuffix("\n").rsplit(" ", 1)
        if means == "namespace" and said != means:
            pytest.skip("this kernel allows no namespaces here")
        assert (said, reached, done.stderr) == (means, str(not means), "")
        assert canary.called() == (not means)


@pytest.mark.parametrize(("machine", "platform"), [("sparc64", "linux"), ("x86_64", "freebsd")])
def test_where_nothing_is_known_of_the_machine_nothing_is_done(
    machine: str, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "_unshare", lambda _: False)
    monkeypatch.setattr(platform_module, "machine", lambda: machine)
    monkeypatch.setattr(sys, "platform", platform)
    assert offline.leave_network() == ""
