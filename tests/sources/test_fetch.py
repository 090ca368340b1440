"""Downloads, from a server on 127.0.0.1 that behaves as badly as real ones."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from eventkg.cli import cli
from eventkg.errors import DataError, UsageError
from eventkg.sources.catalog import find_source
from eventkg.sources.fetch import Download, downloads, fetch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DATA = b"".join(b"%d,a row\n" % number for number in range(60_000))
SOURCE = """
name: ged
title: Events of an example
version: "1"
publisher: Example
license: CC0-1.0
citation: Example
record: id
files: [{{path: ged.csv, url: "{address}/ged.csv", sha256: {sum}}}, {{path: by-hand.csv}}]
entities: {{event: {{id: "event/ged/{{id}}", type: ekg:Event}}}}
"""
_SUM = hashlib.sha256(_DATA).hexdigest()


@dataclass
class Publisher:
    """What the server does: `cut` ends the next answer after that many bytes, though it promised all."""

    address: str = ""
    data: bytes = _DATA
    tag: str = '"1"'
    cut: int | None = None
    ranges: bool = True
    redirect: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append({"path": request.path, **dict(request.headers.items())})
        if request.path == "/moved":
            request.send_response(302)
            request.send_header("Location", self.redirect)
            request.send_header("Content-Length", "0")
            request.end_headers()
        elif request.path == "/missing":
            request.send_error(404)
        else:
            self._file(request)

    def _file(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range", "")
        same = request.headers.get("If-Range", self.tag) == self.tag
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and same and self.ranges else 0
        if start >= len(self.data):
            request.send_error(416)
            return
        request.send_response(206 if start else 200)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(self.data) - 1}/{len(self.data)}")
        if self.tag:
            request.send_header("ETag", self.tag)
        request.send_header("Content-Length", str(len(self.data) - start))
        request.end_headers()
        end, self.cut = self.cut or len(self.data), None
        request.wfile.write(self.data[start:end])
        request.close_connection = True


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    played = Publisher()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            played.answer(self)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    played.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_arrives_whole_under_its_name(publisher: Publisher, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    target = tmp_path / "new" / "ged.csv"
    got = fetch(Download(f"{publisher.address}/ged.csv", target, _SUM), lambda *now: seen.append(now))
    assert target.read_bytes() == _DATA
    assert (got.size, got.sha256, got.received) == (len(_DATA), _SUM, len(_DATA))
    assert seen[-1] == (len(_DATA), len(_DATA))
    assert left(target.parent) == ["ged.csv"]


def test_a_download_that_broke_off_goes_on_from_there(publisher: Publisher, tmp_path: Path) -> None:
    download = Download(f"{publisher.address}/ged.csv", tmp_path / "ged.csv")
    publisher.cut = 300_000
    with pytest.raises(DataError, match="broke off"):
        fetch(download)
    assert "ged.csv" not in left(tmp_path)
    got = fetch(download)
    assert download.target.read_bytes() == _DATA
    resumed = int(publisher.asked[1]["Range"].removeprefix("bytes=").rstrip("-"))
    assert 0 < resumed <= 300_000
    assert got.received == len(_DATA) - resumed
    assert left(tmp_path) == ["ged.csv"]


@pytest.mark.parametrize("change", ["another release", "no ranges", "no validator", "shorter"])
def test_what_cannot_be_continued_starts_anew(change: str, publisher: Publisher, tmp_path: Path) -> None:
    download = Download(f"{publisher.address}/ged.csv", tmp_path / "ged.csv")
    publisher.cut = 300_000
    publisher.tag = "" if change == "no validator" else publisher.tag
    with pytest.raises(DataError, match="broke off"):
        fetch(download)
    if change == "another release":
        publisher.tag, publisher.data = '"2"', _DATA[::-1]
    if change == "shorter":
        publisher.data = _DATA[:1_000]
    publisher.ranges = change != "no ranges"
    fetch(download)
    assert download.target.read_bytes() == publisher.data
    assert left(tmp_path) == ["ged.csv"]


def test_a_file_with_another_checksum_is_not_kept(publisher: Publisher, tmp_path: Path) -> None:
    download = Download(f"{publisher.address}/ged.csv", tmp_path / "ged.csv", "0" * 64)
    with pytest.raises(DataError, match=f"came with sha256 {_SUM}, expected 0000"):
        fetch(download)
    assert "ged.csv" not in left(tmp_path)


def test_a_file_that_exists_is_never_replaced(publisher: Publisher, tmp_path: Path) -> None:
    target = tmp_path / "ged.csv"
    target.write_bytes(b"mine")
    with pytest.raises(DataError, match="exists already with sha256"):
        fetch(Download(f"{publisher.address}/ged.csv", target))
    assert target.read_bytes() == b"mine"
    target.write_bytes(_DATA)
    assert fetch(Download(f"{publisher.address}/ged.csv", target, _SUM)).received == 0
    assert publisher.asked == []


@pytest.mark.parametrize(
    ("redirect", "expected"),
    [
        ("http://localhost:1/ged.csv", "leads to http://localhost:1, expected to stay at http://127.0.0.1"),
        ("file:///etc/hosts", "leads to"),
        ("/moved", "leads to more than 5 further addresses"),
    ],
)
def test_only_the_publishers_host_is_asked(
    redirect: str, expected: str, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.redirect = redirect
    with pytest.raises(DataError, match=expected):
        fetch(Download(f"{publisher.address}/moved", tmp_path / "ged.csv"))
    assert all(asked["path"] == "/moved" for asked in publisher.asked)


def test_a_redirect_on_the_same_host_is_followed(publisher: Publisher, tmp_path: Path) -> None:
    publisher.redirect = "/release/ged.csv"
    assert fetch(Download(f"{publisher.address}/moved", tmp_path / "ged.csv")).sha256 == _SUM


@pytest.mark.parametrize(
    "url", ["file:///etc/hosts", "ftp://127.0.0.1/x", "ged.csv", "http://", "http://a:b/"]
)
def test_only_addresses_of_the_web_are_fetched(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no address"):
        fetch(Download(url, tmp_path / "ged.csv"))


def test_a_refusal_of_the_server_is_said(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the server answers 404, expected the file"):
        fetch(Download(f"{publisher.address}/missing", tmp_path / "ged.csv"))


def test_two_processes_do_not_fetch_the_same_file(publisher: Publisher, tmp_path: Path) -> None:
    download = Download(f"{publisher.address}/ged.csv", tmp_path / "ged.csv")

    def second(*_: object) -> None:
        with pytest.raises(DataError, match="another process is fetching it"):
            fetch(download)

    assert fetch(download, second).sha256 == _SUM


def test_a_sources_files_are_fetched_by_name(publisher: Publisher, tmp_path: Path) -> None:
    source = tmp_path / "source.yml"
    source.write_text(SOURCE.format(address=publisher.address, sum=_SUM), encoding="utf-8")
    command = ["sources", "fetch", str(source), "--to", str(tmp_path / "got")]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    assert done.output == f"{tmp_path}/got/ged.csv\t{len(_DATA)} bytes\tsha256 {_SUM}\tfetched\n"
    assert CliRunner().invoke(cli, command).output.endswith("there already\n")
    with pytest.raises(UsageError, match=r"file 'other.csv' found, one of ged.csv expected"):
        downloads(find_source(str(source)), tmp_path, ["other.csv"])


def test_a_source_without_an_address_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"acled: no address found .*: see https"):
        downloads(find_source("acled"), tmp_path)
