"""The graph that comes with the package: ontology, codes and the curated seed, each in its named graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventkg.model.naming import GRAPH_CODES, GRAPH_ONTOLOGY, GRAPH_SEED
from eventkg.settings import resources
from eventkg.store.files import read_quads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyoxigraph as ox


def bundled_files() -> list[tuple[Path, str]]:
    """(file, graph it goes to), in a fixed order."""
    root = resources()
    return [
        (root / "ontology" / "eventkg.ttl", GRAPH_ONTOLOGY),
        *((path, GRAPH_ONTOLOGY) for path in sorted((root / "ontology" / "alignments").glob("*.ttl"))),
        (root / "ontology" / "editors.ttl", GRAPH_ONTOLOGY),
        (root / "ontology" / "codes.ttl", GRAPH_CODES),
        *((path, GRAPH_SEED) for path in sorted((root / "data" / "seed").glob("*.ttl"))),
    ]


def bundled_quads() -> Iterator[ox.Quad]:
    """What every verb works on where no store is named, before derivation."""
    for path, graph in bundled_files():
        yield from read_quads(path, graph)


def ontology_quads() -> Iterator[ox.Quad]:
    """Ontology and codes alone: what data of others are read against."""
    for path, graph in bundled_files():
        if graph != GRAPH_SEED:
            yield from read_quads(path, graph)
