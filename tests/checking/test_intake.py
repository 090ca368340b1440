"""Data come into the store as they are, however they are cut into portions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from eventkg.checking import intake
from eventkg.checking.intake import checkpoint_data, stored_data, written_data

if TYPE_CHECKING:
    from pathlib import Path

NQUADS = (
    b"_:x <urn:p> <urn:a> <urn:g> .\n"
    b'<urn:a> <urn:p> "a _:no blank\\n node <urn:g> ." <urn:g> .\n'
    b'<urn:a> <urn:p> "007"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    b"<urn:a> <urn:p> _:y <urn:h> .\n"
    b'<urn:a> <urn:q> "x"@en <urn:g> .\n'
    b'<urn:a> <urn:q> "x"@en <urn:h> .\n'
    b"_:x <urn:q> _:y <urn:g> .\n"
    b"_:y <urn:r> _:y <urn:h> .\n"
)


def shape(store: ox.Store) -> list[tuple[int, str]]:
    """The statements with blank nodes by where they stand, and how many of them there are."""
    blank = {term for quad in store for term in (quad.subject, quad.object) if isinstance(term, ox.BlankNode)}
    said = sorted(f"{_of(q.subject)} {q.predicate} {_of(q.object)}" for q in store)
    return [(len(blank), line) for line in said]


def _of(term: object) -> str:
    return "_:" if isinstance(term, ox.BlankNode) else str(term)


@pytest.mark.parametrize("size", [1, 70, 1 << 20])
def test_a_blank_node_stays_one_node_over_all_portions(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = stored_data(NQUADS)
    monkeypatch.setattr(intake, "_BLOCK", size)
    monkeypatch.setattr(intake, "_QUADS", min(size, 3))
    assert shape(stored_data(NQUADS).store) == shape(whole.store)
    assert [count for count, _ in shape(whole.store)] == [2] * 7
    written = written_data(ox.parse(NQUADS, format=ox.RdfFormat.N_QUADS))
    assert (len(written.store), written.as_written) == (7, True)


def test_a_checkpoint_is_read_as_the_union_of_its_graphs(tmp_path: Path) -> None:
    store = ox.Store(str(tmp_path / "store"))
    store.load(NQUADS, format=ox.RdfFormat.N_QUADS)
    store.flush()
    del store
    assert shape(checkpoint_data(str(tmp_path / "store")).store) == shape(stored_data(NQUADS).store)
