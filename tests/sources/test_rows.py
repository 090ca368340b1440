"""Tables of all formats, with the faults that published files have."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from openpyxl import Workbook

from eventkg.sources.layout import BadRow, Layout, Row
from eventkg.sources.rows import open_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def read(path: Path, **layout: Any) -> tuple[tuple[str, ...], list[Row | BadRow]]:
    with open_table(path, Layout(**layout)) as table:
        rows = list(table)
        assert table.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert table.position() == table.size
        return table.columns, rows


def packed(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return file.getvalue()


_PLAIN: list[Row | BadRow] = [Row(2, ["1", "Al Bāb"]), Row(3, ["2", ""])]
_TABLES: dict[str, tuple[bytes, dict[str, Any], list[Row | BadRow]]] = {
    "LF": ("id,name\n1,Al Bāb\n2,\n".encode(), {}, _PLAIN),
    "CRLF and no last line end": ("id,name\r\n1,Al Bāb\r\n2,".encode(), {}, _PLAIN),
    "CR alone": ("id,name\r1,Al Bāb\r2,\r".encode(), {}, _PLAIN),
    "BOM": ("\ufeffid,name\n1,Al Bāb\n2,\n".encode(), {}, _PLAIN),
    "UTF-16": ("id,name\n1,Al Bāb\n2,\n".encode("utf-16"), {"encoding": "utf-16"}, _PLAIN),
    "gzip": (gzip.compress("id,name\n1,Al Bāb\n2,\n".encode()), {}, _PLAIN),
    "gzip in two members": (gzip.compress(b"id,name\n1,Al ") + gzip.compress("Bāb\n2,".encode()), {}, _PLAIN),
    "zip": (packed("a/table.csv", "id,name\n1,Al Bāb\n2,\n".encode()), {}, _PLAIN),
    "tabs": ("id\tname\n1\tAl Bāb\n2\t\n".encode(), {"format": "tsv"}, _PLAIN),
    "semicolons": ("id;name\n1;Al Bāb\n2;\n".encode(), {"delimiter": ";"}, _PLAIN),
    "ISO-8859-1": (b"id,name\n1,Z\xfcrich\n", {"encoding": "iso-8859-1"}, [Row(2, ["1", "Zürich"])]),
    "CP1252": (b"id,name\n1,Mar\x92a\n", {"encoding": "cp1252"}, [Row(2, ["1", "Mar\u2019a"])]),
    "newlines in cells": (
        b'id,name\n1,"a\nb\r\nc"\n2,d\n',
        {},
        [Row(2, ["1", "a\nb\r\nc"]), Row(5, ["2", "d"])],
    ),
    "doubled quotes": (b'id,name\n1,"say ""no"""\n', {}, [Row(2, ["1", 'say "no"'])]),
    "quoting off": (b'id\tname\n1\t"half\n', {"format": "tsv", "quoting": False}, [Row(2, ["1", '"half'])]),
    "no header": (b"1,a\n2,b\n", {"header": ("id", "name")}, [Row(1, ["1", "a"]), Row(2, ["2", "b"])]),
    "no header, two releases": (
        b"1,a\n",
        {"header": (("id", "x", "name"), ("id", "name"))},
        [Row(1, ["1", "a"])],
    ),
    "no header, but with one": (
        b"ID,Name\n1,a\n",
        {"header": ("id", "name")},
        [Row(2, ["1", "a"])],
    ),
    "tabs or commas, tabs": (
        b"1,5,6\ta\n",
        {"header": ("id", "name"), "delimiter": ",\t", "quoting": False},
        [Row(1, ["1,5,6", "a"])],
    ),
    "tabs or commas, commas": (b'id,name\n1,"a\tb"\n', {"delimiter": "\t,"}, [Row(2, ["1", "a\tb"])]),
    "blank lines": (b"id,name\n\n1,a\n\n\n2,b\n", {}, [Row(3, ["1", "a"]), Row(6, ["2", "b"])]),
    "rows of the wrong length": (
        b"id,name\n1\n2,b\n3,c,d\n",
        {},
        [
            BadRow(2, "1 cells, expected 2", "1"),
            Row(3, ["2", "b"]),
            BadRow(4, "3 cells, expected 2", "3,c,d"),
        ],
    ),
    "a cell too large": (
        b"id,name\n1," + b"x" * 30 + b"\n2,b\n",
        {"max_cell": 20},
        [BadRow(2, "a cell of more than 20 characters", "1," + "x" * 30 + "\n"), Row(3, ["2", "b"])],
    ),
    "text after a quote": (
        b'id,name\n1,"a" b\n2,b\n',
        {},
        [BadRow(2, "line 2 is no row: ',' expected after '\"'", '1,"a" b\n'), Row(3, ["2", "b"])],
    ),
    "JSON": (
        json.dumps([{"id": 1, "name": "a"}, {"id": "007", "name": None}]).encode(),
        {"format": "json"},
        [Row(1, ["1", "a"]), Row(2, ["007", ""])],
    ),
    "JSON with its rows inside": (
        b'{"meta": {"n": 1}, "data": {"rows": [{"id": 1.50, "name": true}]}}',
        {"format": "json", "items": "data.rows"},
        [Row(1, ["1.50", "true"])],
    ),
    "JSON with a BOM": (b'\xef\xbb\xbf[{"id": 1, "name": "a"}]', {"format": "json"}, [Row(1, ["1", "a"])]),
    "JSON with something that is no row": (
        b'[{"id": 1, "name": "a"}, 7]',
        {"format": "json"},
        [Row(1, ["1", "a"]), BadRow(2, "no object, expected one with a member for each column", "7")],
    ),
    "JSON of chosen members": (
        b'[{"x": 0, "name": "a", "id": 1}]',
        {"format": "json", "header": ("id", "name")},
        [Row(1, ["1", "a"])],
    ),
    "JSON Lines": (
        b'{"id": 1, "name": "a"}\n\n{"id": 1.10, "name": ["x", "y"]}\n{"id": \n',
        {"format": "jsonl"},
        [
            Row(1, ["1", "a"]),
            Row(2, ["1.10", '["x", "y"]']),
            BadRow(3, "is no JSON: Expecting value: line 2 column 1 (char 8)", '{"id": \n'),
        ],
    ),
}


@pytest.mark.parametrize("name", _TABLES)
def test_a_table_is_read_as_it_stands(name: str, tmp_path: Path) -> None:
    data, layout, expected = _TABLES[name]
    path = tmp_path / "table"
    path.write_bytes(data)
    columns, rows = read(path, **layout)
    assert columns == ("id", "name")
    assert rows == expected


def test_a_member_that_the_first_record_lacks_is_a_column(tmp_path: Path) -> None:
    path = tmp_path / "places.json"
    path.write_text('[{"id": 1, "in": {"ar": "a"}}, {"id": 2, "in": {"tr": "b"}, "late": 3}]')
    columns, rows = read(path, format="json")
    assert columns == ("id", "in.ar", "in.tr", "late")
    assert [row[1] for row in rows] == [["1", "a", "", ""], ["2", "", "b", "3"]]


def test_a_feature_has_its_properties_and_its_geometry(tmp_path: Path) -> None:
    path = tmp_path / "places.geojson"
    square = [[[30.0, 10], [40, 40], [20, 40], [30.0, 10]]]
    point = {"type": "Point", "coordinates": [37.5157, 36.37, 9]}
    features = [
        {"id": "p", "properties": {"name": "a"}, "geometry": point},
        {"properties": {"name": "b"}, "geometry": {"type": "Polygon", "coordinates": square}},
        {"properties": {"name": "c"}, "geometry": None},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    columns, rows = read(path, format="geojson")
    assert columns == (
        "feature.id", "geometry.type", "geometry.wkt", "geometry.longitude", "geometry.latitude", "name"
    )  # fmt: skip
    assert [row[1] for row in rows] == [
        ["p", "Point", "POINT (37.5157 36.37)", "37.5157", "36.37", "a"],
        ["", "Polygon", "POLYGON ((30.0 10, 40 40, 20 40, 30.0 10))", "", "", "b"],
        ["", "", "", "", "", "c"],
    ]


def workbook(path: Path, fill: Callable[[Any], object]) -> Path:
    book = Workbook()
    fill(book.active)
    book.save(path)
    return path


def test_a_sheet_is_read_with_its_dates_numbers_and_gaps(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["day", "deaths", "seen", "name"])
        sheet.append([datetime.date(2017, 1, 22), 5.0, datetime.datetime(2017, 1, 22, 14, 5), "a"])  # noqa: DTZ001
        sheet["A4"], sheet["D4"] = "January 2017", True

    columns, rows = read(workbook(tmp_path / "t.xlsx", fill), format="xlsx")
    assert columns == ("day", "deaths", "seen", "name")
    assert rows == [
        Row(2, ["2017-01-22", "5", "2017-01-22T14:05:00", "a"]),
        Row(4, ["January 2017", "", "", "TRUE"]),
    ]


def test_a_formula_is_not_run(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["a", "b"])
        sheet.append([1, "=A2+1"])
        sheet.append([1, 2])
        sheet.append([1, 2, 3])

    _, rows = read(workbook(tmp_path / "t.xlsx", fill), format="xlsx")
    reason = "column B: the formula =A2+1 has no saved value, and formulas are not run"
    assert rows == [
        BadRow(2, reason, "1, "),
        Row(3, ["1", "2"]),
        BadRow(4, "column C: a cell beyond the last column", "1, 2"),
    ]


def test_a_formula_has_the_value_that_was_saved_with_it(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx", lambda sheet: [sheet.append(row) for row in (["a", "b"], [1, "=A2+1"])]
    )
    saved = tmp_path / "saved.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(saved, "w") as new:
        for name in old.namelist():
            new.writestr(
                name,
                old.read(name)
                .replace(b"<f>A2+1</f><v></v>", b"<f>A2+1</f><v>2</v>")
                .replace(b"<f>A2+1</f><v />", b"<f>A2+1</f><v>2</v>"),
            )
    assert read(saved, format="xlsx")[1] == [Row(2, ["1", "2"])]


def test_a_packed_workbook_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", lambda sheet: [sheet.append(row) for row in (["a"], [1])])
    outer = tmp_path / "t.zip"
    outer.write_bytes(packed("inner/t.xlsx", path.read_bytes()))
    assert read(outer, format="xlsx") == (("a",), [Row(2, ["1"])])


def test_parquet_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    table = pa.table(
        {
            "id": ["007", None],
            "best": [3, None],
            "day": [datetime.date(2017, 1, 22), None],
            "who": [["a", "b"], []],
        }
    )
    pa.parquet.write_table(table, path)
    columns, rows = read(path, format="parquet")
    assert columns == ("id", "best", "day", "who")
    assert rows == [Row(1, ["007", "3", "2017-01-22", '["a", "b"]']), Row(2, ["", "", "", "[]"])]
