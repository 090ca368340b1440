"""A graph of a checkpoint, read by another process: every line whole, and errors said."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from eventkg.errors import DataError
from eventkg.store import reading
from eventkg.store.reading import ntriples

if TYPE_CHECKING:
    from pathlib import Path

GRAPH, OTHER = ox.NamedNode("urn:g"), ox.NamedNode("urn:other")
SIZE = 3_000


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("store") / "checkpoint"
    store = ox.Store(str(path))
    quads = (
        ox.Quad(ox.NamedNode(f"urn:s{n}"), ox.NamedNode("urn:p"), ox.Literal("x\n" * (n % 90)), GRAPH)
        for n in range(SIZE)
    )
    store.extend([*quads, ox.Quad(GRAPH, GRAPH, GRAPH, OTHER)])
    store.flush()
    del store
    return path


def test_blocks_are_whole_lines_of_one_graph(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_BLOCK", 1_000)
    blocks = list(ntriples(checkpoint, "urn:g"))
    assert len(blocks) > 10
    assert all(block.endswith(b" .\n") for block in blocks)
    read = {quad.subject for block in blocks for quad in ox.parse(block, format=ox.RdfFormat.N_TRIPLES)}
    assert len(read) == SIZE


def test_a_graph_that_is_not_there_is_empty(checkpoint: Path) -> None:
    assert list(ntriples(checkpoint, "urn:nowhere")) == []


def test_whoever_reads_no_further_leaves_no_process(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def remembered(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(begin(*arguments, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", remembered)
    monkeypatch.setattr(reading, "_BLOCK", 1_000)
    blocks = ntriples(checkpoint, "urn:g")
    next(blocks)
    blocks.close()  # type: ignore[attr-defined]
    assert [child.returncode is not None for child in started] == [True]


def test_a_checkpoint_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing"):
        list(ntriples(tmp_path / "nothing", "urn:g"))
