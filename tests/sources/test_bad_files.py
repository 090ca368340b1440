"""Files that are not what they should be: one line, with the file and the place in it."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from eventkg.errors import DataError
from eventkg.sources.layout import BadRow, Layout, Row
from eventkg.sources.rows import Table, open_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def archive(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return file.getvalue()


def appending(table: Table, path: Path) -> Iterator[Row | BadRow]:
    for row in table:
        yield row
        if row.line == 2:
            with path.open("ab") as more:
                more.write(b"3,4\n")


def noise(size: int) -> bytes:
    return b"a,b\n" + os.urandom(size).hex().encode() + b",1\n"


_WIDE = b"1," + b"x" * 1_000 + b"\n"
_NAMES = ("id", "name")
_FILES: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "empty": (b"", {}, "is empty, expected rows"),
    "another header": (b"id,id\n", {}, "line 1: the column 'id' stands there 2 times, expected once"),
    "too many columns": (b"," * 999_999, {}, "line 1: 1,000,000 columns, at most 5,000 expected"),
    "no header, another width": (b"1,2,3\n", {"header": _NAMES}, "line 1: 3 columns, expected 2"),
    "no header, no release": (b"1,2\n", {"header": (("a",), ("a", "b", "c"))}, "2 columns, expected 1 or 3"),
    "invalid bytes": (b"a,b\n1,2\n3,\xff\n", {}, "line 3: the bytes ff are no utf-8-sig"),
    "invalid bytes after CR": (b"a,b\r1,2\r3,\xff\r", {}, "line 3: the bytes ff are no utf-8-sig"),
    "invalid bytes far inside": (b"a,b\n" + b"1,2\n" * 50_000 + b"\xfe,2\n", {}, "line 50002: the bytes fe"),
    "a quote never closed": (b'a,b\n1,"x\n2,y\n', {}, "line 2: a quote is open at the end of the file"),
    "a quote never closed in a large file": (
        b'a,b\n1,"x\n' + b"2,y\n" * 100,
        {"max_cell": 100},
        "line 2: a cell of more than 100 characters down to line",
    ),
    "a cell of 10 MB": (
        b"a,b\n1," + b"x" * 10_000_000,
        {},
        "line 2: a row of more than 8,000,000 characters",
    ),
    "a row without end": (
        b"a,b\n1" + b',"\n"' * 9_000,
        {"max_cell": 1_000},
        "row of more than 8,000 characters",
    ),
    "truncated gzip": (gzip.compress(noise(9_000))[:-2_000], {}, "damaged or cut off"),
    "damaged gzip": (
        gzip.compress(b"a,b\n1,2\n")[:-8] + b"\0" * 8,
        {},
        "damaged or cut off: CRC check failed",
    ),
    "truncated zip": (archive({"a.csv": noise(9_000)})[:-2_000], {}, "File is not a zip file"),
    "a gzip bomb": (gzip.compress(b"a,b\n" + _WIDE * 140_000), {}, "unpacks to more than 200 times its size"),
    "a zip bomb": (archive({"a": b"a,b\n" + _WIDE * 140_000}), {}, "unpacks to more than 200 times its size"),
    "a zip that climbs out": (
        archive({"../a.csv": b"a\n"}),
        {},
        "the member '../a.csv' leads out of the archive",
    ),
    "a zip with an absolute name": (
        archive({"/etc/a.csv": b"a\n"}),
        {},
        "'/etc/a.csv' leads out of the archive",
    ),
    "a zip with a drive": (archive({"C:\\a.csv": b"a\n"}), {}, "leads out of the archive"),
    "a zip of two files": (
        archive({"a.csv": b"", "b.csv": b""}),
        {},
        "'a.csv', 'b.csv', expected a single file",
    ),
    "a zip without the file": (
        archive({"a.csv": b""}),
        {"member": "*.tsv"},
        "found: none, expected one that '*.tsv' names",
    ),
    "no JSON": (b"[{]", {"format": "json"}, "record 1: is no JSON here"),
    "cut off JSON": (b'[{"a": 1}, {"a"', {"format": "json"}, "record 2: is no JSON here"),
    "an object in JSON": (b'{"a": []}', {"format": "json"}, "an object, expected an array of rows"),
    "no rows in JSON": (
        b'{"a": []}',
        {"format": "json", "items": "b"},
        "no records, expected some in 'b.item'",
    ),
    "a huge record in JSON": (
        b'[{"a": "' + b"x" * 300_000 + b'"}]',
        {"format": "json", "max_cell": 1_000},
        "record 1: a record of more than 8,000 characters",
    ),
    "invalid bytes in JSON": (b'[{"a": "\xff"}]', {"format": "json"}, "the bytes ff are no utf-8-sig"),
    "deep JSON": (
        b"[" + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"]",
        {"format": "json"},
        "nested too deeply",
    ),
    "deep JSON Lines": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, {"format": "jsonl"}, "nested too deeply"),
    "metres in GeoJSON": (
        b'{"crs": {"type": "name", "properties": {"name": "EPSG:3857"}}, "features": [{"type": "Feature"}]}',
        {"format": "geojson"},
        "coordinates in EPSG:3857, expected longitude and latitude",
    ),
    "an unknown geometry": (
        b'{"features": [{"properties": {}, "geometry": {"type": "Circle"}}]}',
        {"format": "geojson"},
        "the geometry 'Circle' is not one of Point",
    ),
    "no workbook": (b"a,b\n", {"format": "xlsx"}, "is no workbook"),
    "another zip": (
        archive({"[Content_Types].xml": b"<x/>"}),
        {"format": "xlsx"},
        "is no workbook that can be read",
    ),
    "no Parquet": (b"a,b\n", {"format": "parquet"}, "is no Parquet"),
}


@pytest.mark.parametrize("name", _FILES)
def test_a_bad_file_is_one_clear_error(name: str, tmp_path: Path) -> None:
    data, layout, expected = _FILES[name]
    path = tmp_path / "table"
    path.write_bytes(data)
    with pytest.raises(DataError) as caught, open_table(path, Layout(**layout)) as table:
        for _ in table:
            pass
    assert str(caught.value).startswith(f"{path}: ")
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"format": "ods"}, "format: 'ods' is not one of csv"),
        ({"encoding": "latin-17"}, "encoding: 'latin-17' is no text encoding"),
        ({"encoding": "base64"}, "encoding: 'base64' is no text encoding"),
        ({"delimiter": "||"}, "delimiter: '||' is not one to four different characters"),
        ({"header": False}, "header: a file without a header needs the names of its columns"),
    ],
)
def test_a_layout_that_cannot_be_is_refused(change: dict[str, Any], expected: str) -> None:
    with pytest.raises(DataError, match=expected.replace("|", "\\|")):
        Layout(**change)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 100_000)
    with pytest.raises(DataError, match="changed while it was read"), open_table(path, Layout()) as table:
        for _ in appending(table, path):
            pass


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_what_is_no_file_is_said(name: str, tmp_path: Path) -> None:
    with (
        pytest.raises(DataError, match=r"No such file|no file that can be read"),
        open_table(tmp_path / name, Layout()),
    ):
        pass


def test_a_reading_that_is_given_up_leaves_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"a\n" + b"1\n" * 100_000))
    with open_table(path, Layout()) as table:
        assert next(iter(table)).line == 2
    with pytest.raises(ValueError, match="all rows were read"):
        _ = table.sha256
