"""A person who waits sees how far it has come."""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import unchecked
from tests.kg.tables import row, source, table

from eventkg.cli.progress import rows_read
from eventkg.export.network import KINDS
from eventkg.export.only import Only
from eventkg.kg import drawing, exports
from eventkg.kg.asking import Reading
from eventkg.kg.exports import Choice
from eventkg.kg.importing import Import, import_tables
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from eventkg import KnowledgeGraph


class Terminal(io.StringIO):
    """What a person watches."""

    def isatty(self) -> bool:
        return True


def test_an_import_shows_rows_their_rate_and_the_time_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    file = table(tmp_path / "t.csv", *(row(key) for key in range(450)))
    with rows_read((str(file),)) as progress:
        assert progress is not None
        progress(file.stat().st_size // 2, 1_225)
        progress(file.stat().st_size // 2, 25)
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.getvalue())
    assert re.search(r"importing .* 0 rows, 0 rows/s -:--:--", plain)
    assert re.search(r"importing .* 1,250 rows, [\d,]+ rows/s \d:\d\d:\d\d", plain)


def test_all_rows_and_bytes_of_a_file_are_told(tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", *(row(key) for key in range(450)), row("x", day="?"))
    told: list[tuple[int, int]] = []
    request = Import(str(source(tmp_path / "raids")), (str(file),))
    with unchecked():
        import_tables(tmp_path / "kg", request, Limits(), lambda *more: told.append(more))
    assert len(told) > 2
    assert [sum(numbers) for numbers in zip(*told, strict=True)] == [file.stat().st_size, 451]


def test_nobody_who_does_not_watch_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with rows_read(("t.csv",)) as progress:
        assert progress is None


@pytest.mark.parametrize("form", ["ttl", "nq", "jsonld", "rdfxml", "ttl12"])
def test_every_statement_of_an_export_is_told_as_it_is_written(form: str, kg: KnowledgeGraph) -> None:
    told: Counter[str] = Counter()
    done = exports.chosen(kg, (), Choice()).write(
        form, io.BytesIO(), 64, lambda what, more: told.update({what: more})
    )
    assert told["statements written"] == done.statements > 1_000


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("made", [exports.network, drawing.network_behind, drawing.network_with_foot])
def test_every_query_behind_a_network_is_told(
    made: Callable[..., object], kind: str, kg: KnowledgeGraph
) -> None:
    told: list[str] = []
    reading = Reading(progress=lambda what, _: told.append(what))
    if made is exports.network:
        made(kg, kind, Choice(progress=reading.progress))
    else:
        made(kg, kind, None, Only(), reading)
    assert "The names of all actors, and what each is" in told or kind == "event-place"
    assert len(told) > 1
