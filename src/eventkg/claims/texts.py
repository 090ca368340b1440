"""Documents that give one and the same text: an agency's report and the outlets that print it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.model.naming import EKG
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterator


def same_texts(store: ox.Store) -> dict[str, str]:
    """For each document that shares its text with others, the one of them that stands for all.

    One that reproduces another, however far around, and those whose texts have the same SHA-256.
    """
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in (*_reproduced(store), *_equal(store)):
        beside[one].add(other)
        beside[other].add(one)
    found: dict[str, str] = {}
    for document in sorted(beside):
        if document not in found:
            found.update(dict.fromkeys(_reached(document, beside), document))
    return found


def _reproduced(store: ox.Store) -> Iterator[tuple[str, str]]:
    for quad in store.quads_for_pattern(None, ox.NamedNode(f"{EKG}reproduces"), None, None):
        yield text(quad.subject), text(quad.object)


def _equal(store: ox.Store) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(f"{EKG}sha256"), None, None):
        document = text(quad.subject)
        other = first.setdefault(text(quad.object), document)
        if other != document:
            yield other, document


def _reached(document: str, beside: dict[str, set[str]]) -> set[str]:
    found, queue = {document}, [document]
    while queue:
        more = beside[queue.pop()] - found
        found |= more
        queue.extend(more)
    return found
