"""A snapshot in memory out of what a feed says: N-Quads, or the steps of a transcript."""

from __future__ import annotations

from typing import IO

import pyoxigraph as ox

from eventkg.store.transcript import ADD, CLEAR, END, REMOVE

PLAIN, STEPS = b"plain\n", b"steps\n"  # the first line says which of them follows


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
        _steps(store, stream)
    else:
        raise ReplayError(f"{first[:20]!r} found")
    return store


def _steps(store: ox.Store, stream: IO[bytes]) -> None:
    while True:
        kind, number = _header(stream.readline())
        if kind == END:
            if (found := len(store)) != number:
                raise ReplayError(f"{found} statements found, {number} expected")
            return
        payload = stream.read(number)
        if len(payload) != number:
            raise ReplayError("the end found within a step")
        _do(store, kind, payload)


def _do(store: ox.Store, kind: bytes, payload: bytes) -> None:
    if kind == ADD:
        store.bulk_load(input=payload, format=ox.RdfFormat.N_QUADS, lenient=True)
    elif kind == REMOVE:
        for quad in ox.parse(payload, format=ox.RdfFormat.N_QUADS, lenient=True):
            store.remove(quad)
    elif kind == CLEAR:
        for iri in payload.decode().splitlines():
            store.remove_graph(ox.NamedNode(iri) if iri else ox.DefaultGraph())
    else:
        raise ReplayError(f"step {kind[:20]!r} found")


def _header(line: bytes) -> tuple[bytes, int]:
    kind, _, number = line.strip().partition(b" ")
    if not number.isdigit():
        raise ReplayError(f"{line[:20]!r} found")
    return kind, int(number)
