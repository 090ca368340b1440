"""A person who waits sees how far it has come."""

from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING

from tests.kg.stores import unchecked
from tests.kg.tables import row, source, table

from eventkg.cli.progress import rows_read
from eventkg.kg.importing import Import, import_tables
from eventkg.settings import Limits

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


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
