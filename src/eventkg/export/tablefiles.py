"""Tables as files: CSV, Excel, Parquet, GeoJSON, GeoParquet and KML, with the meaning of every column."""

from __future__ import annotations

import csv
import importlib
import io
import json
import struct
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from eventkg.errors import UsageError
from eventkg.export.cells import harmless
from eventkg.export.network import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from eventkg.export.tables import Row, Table

    About = Mapping[str, str]

_MOST_ROWS, _MOST_TEXT = (
    1_048_576,
    32_767,
)  # of a sheet, of a cell (Microsoft, "Excel specifications and limits")


def _csv(table: Table, about: About) -> bytes:  # noqa: ARG001  (a CSV has no place for it)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(column.name for column in table.columns)
    writer.writerows([harmless(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8", "replace")


def _xlsx(table: Table, about: About) -> bytes:
    """A sheet of the table, one of its data dictionary; text stays text, whatever it begins with."""
    if len(table.rows) >= _MOST_ROWS:
        raise UsageError(
            f"xlsx: {len(table.rows):,} rows found, fewer than {_MOST_ROWS:,} expected; use parquet or csv"
        )
    openpyxl = _library("openpyxl")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(table.name)
    sheet.freeze_panes = "A2"
    sheet.append([column.name for column in table.columns])
    for row in table.rows:
        sheet.append([_sheet_cell(openpyxl, sheet, cell) for cell in row])
    words = book.create_sheet("columns")
    words.append(["column", "type", "meaning"])
    for column in table.columns:
        words.append([column.name, column.type.__name__, column.meaning])
    for name, value in about.items():
        words.append([f"({name})", "", value])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_cell(openpyxl: Any, sheet: Any, value: object) -> Any:
    if not isinstance(value, str):
        return value
    cell = openpyxl.cell.WriteOnlyCell(sheet, clean(value)[:_MOST_TEXT])
    cell.data_type = "s"
    return cell


def _parquet(table: Table, about: About) -> bytes:
    return _write_parquet(_arrow(table, about))


def _arrow(table: Table, about: About, extra: Mapping[str, str] | None = None) -> Any:
    arrow = _library("pyarrow")
    types = {str: arrow.string(), int: arrow.int64(), float: arrow.float64()}
    fields = [
        arrow.field(column.name, types[column.type], metadata={"description": column.meaning})
        for column in table.columns
    ]
    schema = arrow.schema(fields, metadata={**about, **(extra or {})})
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    return arrow.table([list(column) for column in columns], schema=schema)


def _write_parquet(table: Any) -> bytes:
    out = io.BytesIO()
    _library("pyarrow.parquet").write_table(table, out)
    return out.getvalue()


def _geoparquet(table: Table, about: About) -> bytes:
    """Points as WKB. Source: GeoParquet 1.1, file metadata."""
    arrow = _library("pyarrow")
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
    }
    made = _arrow(table, about, {"geo": json.dumps(geo)})
    points = [struct.pack("<BIdd", 1, 1, *spot) if spot else None for spot in map(_spot(table), table.rows)]
    made = made.append_column("geometry", arrow.array(points, arrow.binary()))
    return _write_parquet(made)


def _spot(table: Table) -> Callable[[Row], tuple[float, float] | None]:
    """Longitude and latitude of a row, None where it has none or one that is not on the globe."""
    names = [column.name for column in table.columns]
    if "latitude" not in names:
        raise UsageError(f"{table.name}: a table of events expected, it alone has places")
    north, east = names.index("latitude"), names.index("longitude")

    def spot(row: Row) -> tuple[float, float] | None:
        latitude, longitude = row[north], row[east]
        if isinstance(latitude, float) and isinstance(longitude, float):
            return longitude, latitude
        return None

    return spot


def _features(table: Table) -> Iterator[str]:
    spot = _spot(table)
    names = [column.name for column in table.columns]
    for row in table.rows:
        place = spot(row)
        told = {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
        geometry = {"type": "Point", "coordinates": place} if place else None
        feature = {"type": "Feature", "id": row[0], "geometry": geometry, "properties": told}
        yield json.dumps(feature, ensure_ascii=False)


def _geojson(table: Table, about: About) -> bytes:
    """RFC 7946; an event without a point has no geometry and stays."""
    head = json.dumps({"type": "FeatureCollection", "about": dict(about)}, ensure_ascii=False)[:-1]
    features = ",\n".join(_features(table))
    return f'{head}, "features": [\n{features}\n]}}\n'.encode("utf-8", "replace")


def _geojson_lines(table: Table, about: About) -> bytes:  # noqa: ARG001  (one feature a line and nothing else)
    return "".join(f"{feature}\n" for feature in _features(table)).encode("utf-8", "replace")


def _kml(table: Table, about: About) -> bytes:
    """KML 2.2 (OGC 07-147r2) with time spans, for Google Earth; events without a point are left out."""
    spot = _spot(table)
    names = [column.name for column in table.columns]
    out = io.StringIO()
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
    )
    out.write(f"<name>eventkg events</name><description>{_xml('; '.join(about.values()))}</description>\n")
    for row in table.rows:
        place = spot(row)
        if place:
            _placemark(dict(zip(names, row, strict=True)), place, out)
    out.write("</Document></kml>\n")
    return out.getvalue().encode()


def _placemark(told: Mapping[str, object], place: tuple[float, float], out: io.StringIO) -> None:
    out.write(f"<Placemark><name>{_xml(told['label'])}</name>")
    if told["first"]:
        end = f"<end>{_xml(told['last'])}</end>" if told["last"] else ""
        out.write(f"<TimeSpan><begin>{_xml(told['first'])}</begin>{end}</TimeSpan>")
    out.write("<ExtendedData>")
    for name, value in told.items():
        if value is not None:
            out.write(f'<Data name="{name}"><value>{_xml(value)}</value></Data>')
    out.write(f"</ExtendedData><Point><coordinates>{place[0]},{place[1]}</coordinates></Point></Placemark>\n")


def _xml(value: object) -> str:
    return escape(clean(str(value)))


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        package = name.partition(".")[0]
        raise UsageError(f"{package} is not installed: pip install 'eventkg[tables]'") from problem


# format -> (extension, writer)
FORMATS: dict[str, tuple[str, Callable[[Table, About], bytes]]] = {
    "csv": (".csv", _csv),
    "xlsx": (".xlsx", _xlsx),
    "parquet": (".parquet", _parquet),
    "geojson": (".geojson", _geojson),
    "geojsonl": (".geojsonl", _geojson_lines),
    "geoparquet": (".parquet", _geoparquet),
    "kml": (".kml", _kml),
}


def write(table: Table, form: str, about: About) -> bytes:
    """The table in a format of `FORMATS`; `about` (view …) goes where the format has a place for it."""
    return FORMATS[form][1](table, about)
