"""A file that its parser does not get on with is given up; one that comes slowly is not."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import copied, drafts, eventkg, in_graph, load, many, state

from eventkg.errors import StalledError, UsageError
from eventkg.model.naming import GRAPH_USER

if TYPE_CHECKING:
    from pathlib import Path

DEEP, BLANK = 80_000, 11
NESTED = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="urn:x:">'
    f'<rdf:Description rdf:about="urn:s">{"<x:p><x:C>" * DEEP}{"</x:C></x:p>" * DEEP}'
    "</rdf:Description></rdf:RDF>"
)  # takes the parser time quadratic in the depth
ALIKE = "".join(f"_:b{i} <urn:p> _:b{j} .\n" for i in range(BLANK) for j in range(BLANK) if i != j)


def few(folder: Path) -> None:
    """A store with a few statements."""
    load(folder / "store", many(folder / "file.nt", 5))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return copied(tmp_path, few) / "store"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("deep.rdf", NESTED, r"no progress for 1 s after [\d,]+ bytes; flatter input expected"),
        ("alike.nt", ALIKE, r"naming its blank nodes took more than 1 s; IRIs in their place expected"),
    ],
)
def test_a_file_that_its_parser_does_not_get_on_with_is_given_up(
    name: str, text: str, said: str, store: Path, tmp_path: Path
) -> None:
    before = state(store)
    (tmp_path / name).write_text(text)
    with pytest.raises(StalledError, match=rf"{name}: {said} \(or more time with --timeout-s\)$"):
        load(store, tmp_path / name, patience_s=1)
    assert state(store) == before
    assert drafts(store) == []


@pytest.mark.slow
def test_the_command_line_says_so_in_one_line_and_by_its_code(store: Path, tmp_path: Path) -> None:
    (tmp_path / "alike.nt").write_text(ALIKE)
    code, out, error = eventkg("load", "-l", store, "--timeout-s", "1", tmp_path / "alike.nt")
    assert (code, out, error.count("\n")) == (124, "", 1)
    assert "naming its blank nodes took more than 1 s" in error


@pytest.mark.slow
def test_input_that_comes_slowly_is_waited_for(store: Path, tmp_path: Path) -> None:
    pipe, over = tmp_path / "pipe.nt", threading.Event()
    os.mkfifo(pipe)

    def write() -> None:
        with pipe.open("w") as stream:
            stream.write('<urn:slow> <urn:p> "first" .\n')
            stream.flush()
            over.wait(3)  # longer than the load's patience
            stream.write('<urn:slow> <urn:p> "last" .\n')

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    load(store, pipe, patience_s=2)
    over.set()
    writer.join()
    assert len(in_graph(store, GRAPH_USER)) == 7


@pytest.mark.parametrize("patience_s", [0, -1, float("nan")])
def test_a_limit_that_means_nothing_is_refused(patience_s: float, store: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a number above 0 expected"):
        load(store, tmp_path / "file.nt", patience_s=patience_s)
