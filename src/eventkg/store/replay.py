"""A snapshot in memory out of what a feed says: N-Quads, or the steps of a transcript."""

from __future__ import annotations

import io
from typing import IO, Any

import pyoxigraph as ox

from eventkg.store.transcript import ADD, CLEAR, END, REMOVE

PLAIN, STEPS = b"plain\n", b"steps\n"  # the first line says which of them follows
_BUFFER = 1 << 20
_CUT = "the end found within a step"


class ReplayError(Exception):
    """The feed ended too early, or does not come to what it should."""


def replay(stream: IO[bytes]) -> ox.Store:
    """Read to the end.

    Raises:
        ReplayError: it cannot be relied on.

    """
    store = ox.Store()
    first = stream.readline()
    if first == PLAIN:
        store.bulk_load(input=stream, format=ox.RdfFormat.N_QUADS, lenient=True)  # checked when stored
    elif first == STEPS:
        _take(store, _Steps(stream))
    else:
        raise ReplayError(f"{first[:20]!r} found")
    return store


class _Steps:
    """One step after the other: its kind, and its bytes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream: Any = stream
        self.next()

    def next(self) -> None:
        """Go on to the next one, when the last one has been read."""
        line = self._stream.readline()
        self.kind, _, number = line.strip().partition(b" ")
        if not number.isdigit():
            raise ReplayError(f"{line[:20]!r} found, a step expected")
        self.left = int(number)  # bytes; at the end, statements

    def readinto(self, buffer: memoryview) -> int:
        """Some of its bytes; 0 where it ends too early."""
        count: int = self._stream.readinto(buffer[: self.left])
        self.left -= count
        return count

    def payload(self) -> bytes:
        """All its bytes."""
        data: bytes = self._stream.read(self.left)
        if len(data) != self.left:
            raise ReplayError(_CUT)
        return data


class _Added(io.RawIOBase):
    """N-Quads of consecutive steps as one stream: loading them one by one takes a third longer."""

    def __init__(self, steps: _Steps) -> None:
        self._steps = steps

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  (any writable buffer)
        while self._steps.kind == ADD and not self._steps.left:
            self._steps.next()
        return self._steps.readinto(memoryview(buffer)) if self._steps.kind == ADD else 0


def _take(store: ox.Store, steps: _Steps) -> None:
    try:
        while steps.kind != END:
            if steps.kind == ADD:
                quads = io.BufferedReader(_Added(steps), _BUFFER)
                store.bulk_load(input=quads, format=ox.RdfFormat.N_QUADS, lenient=True)
                if steps.kind == ADD:
                    raise ReplayError(_CUT)
            else:
                _do(store, steps.kind, steps.payload())
                steps.next()
    except (SyntaxError, ValueError) as problem:
        raise ReplayError(str(problem)) from problem
    if (found := len(store)) != steps.left:
        raise ReplayError(f"{found} statements found, {steps.left} expected")


def _do(store: ox.Store, kind: bytes, payload: bytes) -> None:
    if kind == REMOVE:
        for quad in ox.parse(payload, format=ox.RdfFormat.N_QUADS, lenient=True):
            store.remove(quad)
    elif kind == CLEAR:
        for iri in payload.decode().splitlines():
            store.remove_graph(ox.NamedNode(iri) if iri else ox.DefaultGraph())
    else:
        raise ReplayError(f"step {kind[:20]!r} found")
