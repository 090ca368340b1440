"""Events as maps: GeoJSON, GeoJSON Lines, GeoParquet, KML and KMZ."""

from __future__ import annotations

import io
import json
import struct
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from eventkg.errors import UsageError
from eventkg.export.network import clean
from eventkg.export.packing import archive
from eventkg.export.spreadsheets import arrow_table, library, write_parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from eventkg.export.about import About
    from eventkg.export.tables import Row, Table


def geoparquet_bytes(table: Table, about: About) -> bytes:
    """Points as WKB. Source: GeoParquet 1.1, file metadata."""
    arrow = library("pyarrow")
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
    }
    made = arrow_table(table, about, {"geo": json.dumps(geo)})
    points = [struct.pack("<BIdd", 1, 1, *spot) if spot else None for spot in map(_spot(table), table.rows)]
    made = made.append_column("geometry", arrow.array(points, arrow.binary()))
    return write_parquet(made)


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


def features(table: Table) -> Iterator[str]:
    """Each row as a feature, JSON on one line."""
    spot = _spot(table)
    names = [column.name for column in table.columns]
    for row in table.rows:
        place = spot(row)
        told = {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
        geometry = {"type": "Point", "coordinates": place} if place else None
        feature = {"type": "Feature", "id": row[0], "geometry": geometry, "properties": told}
        yield json.dumps(feature, ensure_ascii=False)


def geojson_bytes(table: Table, about: About) -> bytes:
    """RFC 7946; an event without a point has no geometry and stays."""
    head = json.dumps(
        {"type": "FeatureCollection", "name": about.title, "about": about.members()}, ensure_ascii=False
    )[:-1]
    told = ",\n".join(features(table))
    return f'{head}, "features": [\n{told}\n]}}\n'.encode("utf-8", "replace")


def geojson_lines_bytes(table: Table, _: About) -> bytes:
    """One feature a line and nothing else."""
    return "".join(f"{feature}\n" for feature in features(table)).encode("utf-8", "replace")


def kml_bytes(table: Table, about: About) -> bytes:
    """KML 2.2 (OGC 07-147r2) with time spans, for Google Earth; events without a point are left out."""
    spot = _spot(table)
    names = [column.name for column in table.columns]
    out = io.StringIO()
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
    )
    notes = "\n".join(about.lines())
    out.write(f"<name>eventkg events</name><description>{_xml(notes)}</description>\n")
    for row in table.rows:
        place = spot(row)
        if place:
            _placemark(dict(zip(names, row, strict=True)), place, out)
    out.write("</Document></kml>\n")
    return out.getvalue().encode()


def kmz_bytes(table: Table, about: About) -> bytes:
    """The same, packed: a zip whose first file is doc.kml."""
    return archive({"doc.kml": kml_bytes(table, about)})


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
