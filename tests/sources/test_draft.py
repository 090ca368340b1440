"""Drafts of `source.yml`: what a file seems to be, for a person to check."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from eventkg.cli import cli
from eventkg.errors import DataError, SourceError, UsageError
from eventkg.mapping.compiling import Target
from eventkg.mapping.stream import Counts, statements
from eventkg.sources.catalog import find_source
from eventkg.sources.draft import draft
from eventkg.sources.guessing import Column, guess_layout, look_at
from eventkg.sources.layout import Layout
from eventkg.sources.rows import open_table

if TYPE_CHECKING:
    from pathlib import Path

_LAYOUTS = {
    "commas": (b"id,name\n1,a\n2,b\n", Layout()),
    "packed": (gzip.compress(b"id,name\n1,a\n"), Layout()),
    "semicolons": (b"id;name\n1;a,b\n2;c,d,e\n", Layout(delimiter=";")),
    "tabs": (b"id\tname\n1\ta\n", Layout("tsv")),
    "stray quotes": (b'id\tname\n1\t5" gun\n', Layout("tsv", quoting=False)),
    "no header": (b"1\ta\n2\tb\n", Layout("tsv", header=("column_1", "column_2"))),
    "CP1252": (b"id,name\n1,Mar\x92a\n", Layout(encoding="cp1252")),
    "ISO-8859-1": (b"id,name\n1,\x81\n", Layout(encoding="iso-8859-1")),
    "UTF-16": ("id,name\n1,a\n".encode("utf-16"), Layout(encoding="utf-16")),
    "JSON": (b' [{"id": 1}]', Layout("json")),
    "JSON with its rows inside": (b'{"n": 1, "data": [{"id": 1}]}', Layout("json", items="data")),
    "JSON Lines": (b'{"id": 1}\n{"id": 2}\n', Layout("jsonl")),
    "GeoJSON": (b'{"type": "FeatureCollection", "features": []}', Layout("geojson")),
}


@pytest.mark.parametrize("name", _LAYOUTS)
def test_a_layout_is_guessed(name: str, tmp_path: Path) -> None:
    data, expected = _LAYOUTS[name]
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    assert guess_layout(path) == expected


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("a", ["1", "", "-20"], "integer"),
        ("a", ["1", "1.5"], "decimal"),
        ("a", ["1", "x"], "text"),
        ("lat", ["36.5", "-90"], "latitude"),
        ("lat", ["36.5", "-91"], "decimal"),
        ("Longitude", ["170"], "longitude"),
        ("day", ["2017-01-22"], "%Y-%m-%d"),
        ("day", ["20170122"], "%Y%m%d"),
        ("day", ["01/22/2017", "01/02/2017"], "%m/%d/%Y"),
        ("day", ["22 January 2017"], "%d %B %Y"),
        ("at", ["https://example.org/a"], "url"),
        ("a", ["", ""], "text"),
    ],
)
def test_a_kind_is_what_all_cells_fit(name: str, cells: list[str], kind: str) -> None:
    (column,) = look_at([name], [[cell] for cell in cells])
    assert column.kind == kind


@pytest.mark.parametrize(
    ("values", "codes"), [("ABAB" * 3, True), ("ABCD", False), ("AAAA", False), ("", False)]
)
def test_few_values_that_come_again_are_codes(values: str, codes: bool) -> None:
    column = Column("a")
    for value in values:
        column.see(value)
    assert column.codes is codes


def test_a_draft_names_what_was_found_and_asks_for_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "2017 Strikes.csv"
    cells = 's{0},2017-01-{0:02},36.{0},{1},Place {0},"two\nlines # {0}"\n'
    rows = "".join(cells.format(n, "AB"[n % 2]) for n in range(1, 9))
    path.write_text(f"key,day,lat,kind,name,free\n{rows}")
    text = draft(path)
    assert "name: source-2017-strikes\n" in text
    assert 'record: "key"  # filled, and different on every row\n' in text
    assert 'id: "event/source-2017-strikes/{key}"' in text
    when = 'when: {start: "{day}", format: "%Y-%m-%d", precision: code/date-precision/day}'
    assert f"    # {when}\n" in text
    assert '# ekg:latitude: {column: "lat", as: latitude}' in text
    assert '# ekg:eventType: {column: "kind", lookup: …}  # 2 values: "A", "B"\n' in text
    assert '  - "free"  # text, such as "two\\nlines # 1"\n' in text
    assert 'license: ""' in text


def test_a_file_without_rows_makes_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("id,name\n")
    with pytest.raises(DataError, match="no rows found, expected some to look at"):
        draft(path)


def test_a_draft_is_completed_by_hand_and_then_imports(tmp_path: Path) -> None:
    path, target = tmp_path / "raids.csv", tmp_path / "raids" / "source.yml"
    path.write_text("key,day,notes\n" + "".join(f"r{n},2031-01-{n:02},x\n" for n in range(1, 9)))
    target.parent.mkdir()
    done = CliRunner().invoke(cli, ["sources", "new", str(path), "-o", str(target)])
    assert done.exit_code == 0, done.output
    with pytest.raises(SourceError, match=r"source.yml:\d+: "):
        find_source(str(target))
    text = re.sub(r'^( *\w+): ""', r"\1: CC0-1.0", target.read_text(encoding="utf-8"), flags=re.MULTILINE)
    target.write_text(text, encoding="utf-8")
    manifest = find_source(str(target.parent))
    with open_table(path, manifest.layout) as table:
        lines = [made.lines for made in statements(manifest, table, Target("g", "d", "f"), Counts(), print)]
    assert len(lines) == 8
    assert "<https://w3id.org/eventkg/id/event/raids/r1>" in lines[0]
    again = CliRunner().invoke(cli, ["sources", "new", str(path), "-o", str(target)])
    assert isinstance(again.exception, UsageError)  # what was completed by hand is not replaced
