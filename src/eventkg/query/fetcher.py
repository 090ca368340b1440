"""The one process that asks other hosts: `python -m eventkg.query.fetcher ADDRESS MEMORY_MB`.

It takes one request, checks the host again after each redirect, connects to the address that it checked, and
sends back what came: a document as it is, or the rows of an endpoint as a VALUES clause. Its user kills it
at the deadline.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit

from eventkg.errors import QueryError
from eventkg.query import frames
from eventkg.query.channel import connected
from eventkg.query.hosts import Listed, Place, place_of
from eventkg.store.process import die_with_parent, ignore_interrupts, limit_memory

if TYPE_CHECKING:
    from collections.abc import Iterable

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5
_SILENCE_S = 30.0
_RESULTS = "application/sparql-results+json"
_VARIABLE = re.compile(r"\w{1,200}")
_IRI = re.compile(r"[^<>\"{}|^`\\\x00-\x20]*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,20}(?:-[A-Za-z0-9]{1,20})*")
_LABEL = re.compile(r"[^A-Za-z0-9]")
_ESCAPES = {"\\": "\\u005C", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def main() -> None:
    """One request, one answer."""
    sock = connected(sys.argv[1])
    die_with_parent()
    ignore_interrupts()
    limit_memory(int(sys.argv[2]))
    asked = json.loads(frames.receive(sock)[1])
    try:
        _serve(sock, asked)
    except QueryError as problem:
        _complain(sock, str(problem))
    except (OSError, http.client.HTTPException, ValueError, KeyError, RecursionError) as problem:
        said = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
        _complain(sock, f"{asked['url'][:200]}: {' '.join(str(said).split())[:200]}")


def _serve(sock: socket.socket, asked: dict[str, Any]) -> None:
    listed = tuple(Listed.read(text) for text in asked["hosts"])
    body = urlencode({"query": asked["query"]}).encode() if asked["query"] else None
    accept = _RESULTS if body else asked["accept"]
    url, answer = _answered(asked["url"], listed, body, accept)
    kind = answer.headers.get("content-type", "").strip()
    frames.send_json(sock, frames.HEAD, {"url": url, "type": kind})
    pieces = _pieces(answer, asked["most"])
    if body:
        for piece in values(json.loads(b"".join(pieces))):
            frames.send(sock, frames.DATA, piece.encode())
    else:
        for data in pieces:
            frames.send(sock, frames.DATA, data)
    frames.send(sock, frames.END)


def _answered(
    url: str, listed: tuple[Listed, ...], body: bytes | None, accept: str
) -> tuple[str, http.client.HTTPResponse]:
    """What is there in the end, and where that is."""
    for _ in range(_MOST_REDIRECTS + 1):
        place = place_of(url, listed)
        answer = _ask(place, url, body, accept)
        if answer.status == http.HTTPStatus.OK:
            return url, answer
        target = answer.headers.get("location")
        if answer.status not in _REDIRECTS or not target:
            raise QueryError(f"{place.host}: HTTP {answer.status} found, 200 expected")
        url = urljoin(url, target)
    raise QueryError(f"{url[:200]}: more than {_MOST_REDIRECTS} redirects found")


def _ask(place: Place, url: str, body: bytes | None, accept: str) -> http.client.HTTPResponse:
    connection = _Pinned(place)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Accept": accept, "User-Agent": "eventkg", "Accept-Encoding": "identity"}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("GET" if body is None else "POST", target, body, headers)
    return connection.getresponse()


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever its name means by now."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.host, place.port, timeout=_SILENCE_S)
        self._place = place

    def connect(self) -> None:
        self.sock = socket.create_connection((self._place.address, self._place.port), _SILENCE_S)
        if self._place.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._place.host)


def _pieces(answer: http.client.HTTPResponse, most: int) -> Iterable[bytes]:
    count = 0
    while data := answer.read(frames.CHUNK):
        count += len(data)
        if count > most:
            raise QueryError(f"more than {most:,} bytes of answer found")
        yield data


def values(said: dict[str, Any]) -> Iterable[str]:
    """SPARQL JSON as a VALUES clause: nothing in it can end the clause. A blank node becomes an IRI.

    Raises:
        ValueError, KeyError: it is no such result.

    """
    names = said["head"]["vars"]
    if not all(isinstance(name, str) and _VARIABLE.fullmatch(name) for name in names):
        raise ValueError("a variable that is none found")
    yield f"VALUES ({' '.join(f'?{name}' for name in names)}) {{"
    for row in said["results"]["bindings"]:
        yield f" ({' '.join(_term(row[name]) if name in row else 'UNDEF' for name in names)})"
    yield " }"


def _term(cell: dict[str, str]) -> str:
    kind, value = cell["type"], cell["value"]
    if kind == "uri":
        return f"<{_checked(_IRI, value)}>"
    if kind == "bnode":
        return f"<urn:eventkg:blank:{_LABEL.sub('-', value)}>"
    if kind not in {"literal", "typed-literal"}:
        raise ValueError(f"a term of the kind {kind[:50]!r} found")
    text = "".join(_ESCAPES.get(character, character) for character in value)
    if "xml:lang" in cell:
        return f'"{text}"@{_checked(_LANGUAGE, cell["xml:lang"])}'
    if "datatype" in cell:
        return f'"{text}"^^<{_checked(_IRI, cell["datatype"])}>'
    return f'"{text}"'


def _checked(pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(f"{value[:100]!r} found in the answer, which cannot be written down")
    return value


def _complain(sock: socket.socket, message: str) -> None:
    frames.send_json(sock, frames.ERROR, {"message": message})


if __name__ == "__main__":
    main()
