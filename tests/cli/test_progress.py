"""A person who waits sees how far it has come."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.cli.test_terminal import on_a_terminal
from tests.kg.tables import row, source, table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_an_import_shows_rows_their_rate_and_the_time_left(tmp_path: Path) -> None:
    raids = source(tmp_path / "raids")
    file = table(tmp_path / "t.csv", *(row(key) for key in range(450)))
    seen = on_a_terminal(["import", str(raids), str(file), "-l", str(tmp_path / "s"), "--dry-run"], 100)
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen)
    assert re.search(r"importing .* 0 rows, 0 rows/s .*\d:\d\d|importing .* 0 rows, 0 rows/s .*--:--", plain)
    assert re.search(r"importing .* 450 rows, [\d,]+ rows/s \d:\d\d:\d\d", plain)
    assert "450 rows read = 450 imported + 0 quarantined" in plain
