"""SPARQL endpoints of other makes, started on 127.0.0.1 for a test and stopped after it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE_S = 90
# Its SERVICE is closed until an administrator opens it.
_FEDERATED = (
    'grant select on "DB.DBA.SPARQL_SINV_2" to "SPARQL"; '
    'grant execute on "DB.DBA.SPARQL_SINV_IMP" to "SPARQL";'
)
_VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DirsAllowed = {folder}
NumberOfBuffers = 40000
SchedulerInterval = 0
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = 10000000
MaxQueryExecutionTime = 600
"""


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def oxigraph_binary() -> str | None:
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.exists() else shutil.which("oxigraph")


@contextmanager
def oxigraph(nquads: Path, folder: Path) -> Iterator[str]:
    """`oxigraph serve-read-only` over a file; its query address."""
    binary = oxigraph_binary()
    assert binary is not None
    store = folder / "oxigraph"
    subprocess.run(
        [binary, "load", "--location", store, "--file", nquads], check=True, capture_output=True, timeout=3000
    )
    port = free_port()
    command: list[str | Path] = [
        binary,
        "serve-read-only",
        "--location",
        store,
        "--bind",
        f"127.0.0.1:{port}",
        "--union-default-graph",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            url = f"http://127.0.0.1:{port}/query"
            _wait(url)
            yield url
        finally:
            server.kill()  # it may be busy with a query, and its folder is thrown away


@contextmanager
def virtuoso(nquads: Path, folder: Path) -> Iterator[str]:
    """A Virtuoso of its own over a file; its query address."""
    port, sql_port = free_port(), free_port()
    data = folder / "data.nq"
    shutil.copy(nquads, data)
    (folder / "virtuoso.ini").write_text(_VIRTUOSO_INI.format(folder=folder, port=port, sql_port=sql_port))
    command: list[str | Path] = ["virtuoso-t", "+foreground", "+configfile", folder / "virtuoso.ini"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            url = f"http://127.0.0.1:{port}/sparql"
            _wait(url)
            load = f"DB.DBA.TTLP_MT (file_open ('{data}'), '', 'urn:none', 512); {_FEDERATED} checkpoint;"
            isql = ["isql-vt", f"127.0.0.1:{sql_port}", "dba", "dba", f"exec={load}"]
            subprocess.run(isql, check=True, capture_output=True, timeout=3000)
            yield url
        finally:
            server.kill()  # it may be busy with a query, and its folder is thrown away


def _wait(url: str) -> None:
    """Until it answers a query."""
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        try:
            if httpx.post(url, data={"query": "ASK {}"}, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise TimeoutError(url)
