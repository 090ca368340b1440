"""Asking other hosts for a query or an update: a process of its own does it, killed at the deadline."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from eventkg.errors import QueryError, TimeLimitError
from eventkg.query import frames
from eventkg.query.channel import start_worker
from eventkg.query.hosts import Listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventkg.settings import Limits

_MOST = 16 << 20  # bytes of the rows of one SERVICE clause
_RDF = "text/turtle, application/n-triples, application/rdf+xml;q=0.9, application/ld+json;q=0.8"


class Stoppable(Protocol):
    """Something under way that its user may give up."""

    def kill(self) -> None:
        """Stop it from another thread."""

    def demote(self) -> None:
        """Let others go first."""


class Fetched:
    """What a host answers: where that was, its media type, and the bytes as they come."""

    def __init__(self, url: str, media_type: str, chunks: Iterator[bytes]) -> None:
        self.url, self.media_type, self.chunks = url, media_type, chunks


def _nobody(_: Stoppable) -> None:
    """Nobody wants to stop it."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The hosts that may be asked, and within which limits; none of them unless an operator lists them."""

    hosts: tuple[str, ...]
    limits: Limits
    most: int = 1 << 30  # bytes of a document

    def check(self) -> None:
        """Raises UsageError for an entry of the list that is none."""
        for text in self.hosts:
            Listed.read(text)

    def rows(self, url: str, query: str, started: Callable[[Stoppable], None] = _nobody) -> str:
        """The answer of an endpoint to a SELECT, as a VALUES clause; raises as `document`."""
        with self._asked({"url": url, "query": query, "accept": "", "most": _MOST}, started) as fetched:
            return b"".join(fetched.chunks).decode()

    @contextlib.contextmanager
    def document(self, url: str, started: Callable[[Stoppable], None] = _nobody) -> Iterator[Fetched]:
        """An RDF document.

        Raises:
            QueryError: a host that is not listed, or did not answer as expected. TimeLimitError: so long.

        """
        with self._asked({"url": url, "query": "", "accept": _RDF, "most": self.most}, started) as fetched:
            yield fetched

    @contextlib.contextmanager
    def _asked(self, request: dict[str, object], started: Callable[[Stoppable], None]) -> Iterator[Fetched]:
        sock, process = start_worker("eventkg.query.fetcher", str(self.limits.memory_mb))
        running = _Running(process.kill)
        try:
            started(running)
            frames.send_json(sock, frames.JOB, {**request, "hosts": list(self.hosts)})
            inbox, clock = frames.Inbox(sock), _Clock(self.limits.timeout_s)

            def receive() -> tuple[bytes, bytes]:
                sock.settimeout(clock.left())
                try:
                    return _understood(*inbox.receive())
                except TimeoutError:
                    raise clock.over() from None
                except EOFError:
                    raise QueryError(f"{request['url']}: the process that asks has ended") from None

            def chunks() -> Iterator[bytes]:
                while (came := receive())[0] != frames.END:
                    yield came[1]

            head = json.loads(receive()[1])
            yield Fetched(head["url"], head["type"], chunks())
        finally:
            sock.close()
            process.kill()
            process.wait()


def _understood(kind: bytes, payload: bytes) -> tuple[bytes, bytes]:
    if kind == frames.ERROR:
        raise QueryError(json.loads(payload)["message"])
    return kind, payload


class _Running:
    """A request under way."""

    def __init__(self, kill: Callable[[], None]) -> None:
        self._kill = kill

    def kill(self) -> None:
        self._kill()

    def demote(self) -> None:
        """It waits, and burns nothing."""


class _Clock:
    def __init__(self, limit_s: float) -> None:
        self._limit_s, self._started = limit_s, time.monotonic()

    def left(self) -> float:
        return max(0.001, self._started + self._limit_s - time.monotonic())

    def over(self) -> TimeLimitError:
        return TimeLimitError(self._limit_s, time.monotonic() - self._started)
