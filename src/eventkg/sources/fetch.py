"""A published file from its publisher's address: whole and checked under its name, or not at all."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

import httpx
from filelock import lock_descriptor

from eventkg.errors import DataError, UsageError

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from eventkg.sources.manifest import Manifest

_BLOCK = 1 << 17
_MAX_REDIRECTS = 5
_TIMEOUT = httpx.Timeout(60.0)  # seconds without a byte
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "eventkg"}  # the bytes as they are published


@dataclass(frozen=True, slots=True)
class Download:
    """What is fetched from where; `sha256` in hexadecimal where it is known beforehand."""

    url: str
    target: Path
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is there: how large, its SHA-256, and how many bytes came now (0: it was there already)."""

    path: Path
    size: int
    sha256: str
    received: int


def downloads(manifest: Manifest, folder: Path, names: Sequence[str] = ()) -> list[Download]:
    """The files that a source's publisher offers, all or those named, to be put into a folder.

    Raises:
        UsageError: the source gives no address, or none for that name.

    """
    offered = {offer.path: offer for offer in manifest.files if offer.url}
    if not offered:
        where = f": see {manifest.homepage}" if manifest.homepage else ""
        raise UsageError(f"{manifest.name}: no address found from which it may be fetched{where}")
    for name in names:
        if name not in offered:
            raise UsageError(f"{manifest.name}: file '{name}' found, one of {', '.join(offered)} expected")
    return [
        Download(offered[name].url, folder / PurePath(name).name, offered[name].sha256 or None)
        for name in names or offered
    ]


def fetch(download: Download, progress: Callable[[int, int | None], None] | None = None) -> Fetched:
    """Fetch a file, going on where an earlier attempt broke off; a file that exists is never replaced.

    Only the host of the address is asked, no proxy, and a redirect to another host is refused. What has
    come so far lies beside the target as `.NAME.part`. `progress` gets the bytes there are and the total.

    Raises:
        UsageError: no http(s) address. DataError: the target exists and is another file, the server does
            not deliver, the checksum differs, another process fetches the same file.

    """
    _checked(download.url)
    if download.target.exists():
        return _already_there(download)
    try:
        with _partial(download.target) as part:
            received = _receive(download, part, progress or _nobody_watches)
            return _finished(download, part, received)
    except httpx.HTTPError as problem:
        reason = str(problem) or type(problem).__name__
        raise DataError(
            f"{download.url}: broke off: {reason}; the same command goes on from there"
        ) from problem
    except OSError as problem:
        raise DataError(f"{download.target}: {problem.strerror or problem}") from problem


def _checked(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as problem:
        raise UsageError(f"{url}: is no address: {problem}") from problem
    if address.scheme not in ("http", "https") or not address.host:
        raise UsageError(f"{url}: is no address of a file, expected http:// or https://")
    return address


def _already_there(download: Download) -> Fetched:
    with download.target.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != download.sha256:
        expected = f", expected sha256 {download.sha256}" if download.sha256 else ""
        raise DataError(
            f"{download.target}: exists already with sha256 {found}{expected}; nothing was replaced"
        )
    return Fetched(download.target, download.target.stat().st_size, found, 0)


@contextmanager
def _partial(target: Path) -> Iterator[io.BufferedRandom]:
    """The file of what has come so far, held against a second process."""
    target.parent.mkdir(parents=True, exist_ok=True)
    path = target.with_name(f".{target.name}.part")
    with path.open("a+b") as part:
        if not lock_descriptor(part.fileno(), blocking=False):
            raise DataError(f"{target}: another process is fetching it")
        yield part


def _receive(download: Download, part: io.BufferedRandom, progress: Callable[[int, int | None], None]) -> int:
    with httpx.Client(timeout=_TIMEOUT, trust_env=False, headers=_HEADERS) as client:
        while True:
            there = _resumable(download, part)
            with _answer(client, download, there) as response:
                if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and there:
                    _discard(download, part)
                    continue
                return _write(download, response, part, progress)


def _resumable(download: Download, part: io.BufferedRandom) -> int:
    """How many bytes can stay: all, where a validator or a checksum tells whether they still belong."""
    there = part.seek(0, os.SEEK_END)
    if there and not download.sha256 and not _mark(download).is_file():
        _discard(download, part)
        return 0
    return there


@contextmanager
def _answer(client: httpx.Client, download: Download, there: int) -> Iterator[httpx.Response]:
    headers = {"Range": f"bytes={there}-"} if there else {}
    if there and _mark(download).is_file():
        headers["If-Range"] = _mark(download).read_text(encoding="ascii")
    address = _checked(download.url)
    for _ in range(_MAX_REDIRECTS):
        with client.stream("GET", address, headers=headers) as response:
            if response.next_request is None:
                yield response
                return
            address = _same_host(address, response.next_request.url, download.url)
    raise DataError(f"{download.url}: leads to more than {_MAX_REDIRECTS} further addresses")


def _same_host(old: httpx.URL, new: httpx.URL, url: str) -> httpx.URL:
    upgraded = (old.scheme, new.scheme, new.host, new.port) == ("http", "https", old.host, None)
    if not upgraded and (new.scheme, new.host, new.port) != (old.scheme, old.host, old.port):
        found, expected = (f"{at.scheme}://{at.netloc.decode('ascii')}" for at in (new, old))
        raise DataError(f"{url}: leads to {found}, expected to stay at {expected}")
    return new


def _write(
    download: Download,
    response: httpx.Response,
    part: io.BufferedRandom,
    progress: Callable[[int, int | None], None],
) -> int:
    """How many bytes came."""
    there = part.seek(0, os.SEEK_END)
    if response.status_code == httpx.codes.OK:
        _discard(download, part)
        there = 0
    elif response.status_code != httpx.codes.PARTIAL_CONTENT or not _goes_on(response, there):
        raise DataError(f"{download.url}: the server answers {response.status_code}, expected the file")
    _remember(download, response)
    before = there
    length = response.headers.get("Content-Length", "")
    total = there + int(length) if length.isdigit() else None
    for block in response.iter_raw(_BLOCK):
        part.write(block)
        there += len(block)
        progress(there, total)
    part.flush()
    if total is not None and there != total:
        raise DataError(f"{download.url}: broke off after {there:,} of {total:,} bytes")
    return there - before


def _goes_on(response: httpx.Response, there: int) -> bool:
    return str(response.headers.get("Content-Range", "")).startswith(f"bytes {there}-")


def _mark(download: Download) -> Path:
    return download.target.with_name(f".{download.target.name}.part.version")


def _remember(download: Download, response: httpx.Response) -> None:
    """By what the server will know whether the rest still belongs to the beginning (RFC 9110, If-Range)."""
    tag = response.headers.get("ETag", "")
    validator = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")
    if validator and validator.isascii():
        _mark(download).write_text(validator, encoding="ascii")
    else:
        _mark(download).unlink(missing_ok=True)


def _discard(download: Download, part: io.BufferedRandom) -> None:
    part.truncate(0)
    part.seek(0)
    _mark(download).unlink(missing_ok=True)


def _finished(download: Download, part: io.BufferedRandom, received: int) -> Fetched:
    part.flush()
    os.fsync(part.fileno())
    part.seek(0)
    found = hashlib.file_digest(part, "sha256").hexdigest()
    size = part.tell()
    if download.sha256 and found != download.sha256:
        _discard(download, part)
        raise DataError(
            f"{download.url}: came with sha256 {found}, expected {download.sha256}; it was not kept"
        )
    partial = download.target.with_name(f".{download.target.name}.part")
    try:
        os.link(partial, download.target)  # unlike a rename, this never replaces a file
    except FileExistsError as problem:
        raise DataError(f"{download.target}: appeared meanwhile; nothing was replaced") from problem
    partial.unlink()
    _mark(download).unlink(missing_ok=True)
    return Fetched(download.target, size, found, received)


def _nobody_watches(_: int, __: int | None) -> None:
    """No terminal."""
