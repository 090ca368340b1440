"""Each source that comes with the package makes of its sample exactly what a person has reviewed."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from eventkg.kg.declarations import check_terms
from eventkg.mapping.provenance import ImportedFile, provenance, target
from eventkg.mapping.stream import Counts, Quarantined, statements
from eventkg.sources.catalog import bundled_sources, find_source
from eventkg.sources.rows import open_table

if TYPE_CHECKING:
    from pathlib import Path

MOST_ROWS = 20
MOST_STATEMENTS = 24  # an event on average; with what rows share it is counted over whole files
SOURCES = [path.name for path in bundled_sources()]


def sample_of(folder: Path) -> Path:
    found = list(folder.glob("sample.*"))
    assert len(found) == 1, folder
    return found[0]


def golden(name: str) -> tuple[str, Counts]:
    """The statements, sorted, and the rows that were put aside as comments."""
    manifest = find_source(name)
    sample = sample_of(manifest.path.parent)
    counts, aside = Counts(), list[Quarantined]()
    file = ImportedFile(sample.name, hashlib.sha256(sample.read_bytes()).hexdigest(), manifest.version)
    with open_table(sample, manifest.layout) as table:
        made = statements(manifest, table, target(manifest, file), counts, aside.append)
        lines = {line for row in made for line in row.lines.splitlines()}
    counted = ImportedFile(
        file.name, file.sha256, file.release, counts.read, counts.imported, counts.quarantined
    )
    lines |= set(provenance(manifest, counted).splitlines())
    wrong = [f"# line {row.line}: {row.column}: {row.value[:60]!r}: {row.reason}" for row in aside]
    return "\n".join([*sorted(lines), *wrong]) + "\n", counts


@pytest.mark.parametrize("name", SOURCES)
def test_a_sample_becomes_the_statements_that_were_reviewed(
    name: str, request: pytest.FixtureRequest, root: Path
) -> None:
    text, counts = golden(name)
    expected = root / "data" / "sources" / name / "expected.nq"
    if request.config.getoption("--regold"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
    assert counts.read == counts.imported + counts.quarantined
    assert 0 < counts.read <= MOST_ROWS


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_expected_is_rdf_without_blank_nodes(name: str, root: Path) -> None:
    text = (root / "data" / "sources" / name / "expected.nq").read_bytes()
    quads = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    assert quads
    assert not [q for q in quads if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)]
    assert {str(q.graph_name) for q in quads} == {f"<https://w3id.org/eventkg/graph/{name}>"}


@pytest.mark.parametrize("name", SOURCES)
def test_every_term_of_ours_that_a_source_uses_is_in_the_ontology(name: str) -> None:
    check_terms(find_source(name))


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_says_that_its_sample_is_synthetic(name: str, root: Path) -> None:
    assert "synthetic" in (root / "data" / "sources" / name / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SOURCES)
def test_rows_of_their_own_take_24_statements_on_average_at_most(name: str, root: Path) -> None:
    text = (root / "data" / "sources" / name / "expected.nq").read_text(encoding="utf-8")
    own = re.compile(rf"<[^>]*/id/(?:event|claim|assessment)/{name}/([^>]*)>")
    rows = Counter(found[1] for line in text.splitlines() if (found := own.match(line)))
    assert sum(rows.values()) <= MOST_STATEMENTS * len(rows)
