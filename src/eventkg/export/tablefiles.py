"""Tables as files: one function a format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventkg.export import maps, spreadsheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.export.about import About
    from eventkg.export.tables import Table

# format -> (extension, writer)
FORMATS: dict[str, tuple[str, Callable[[Table, About], bytes]]] = {
    "csv": (".csv", spreadsheets.csv_bytes),
    "xlsx": (".xlsx", spreadsheets.xlsx_bytes),
    "parquet": (".parquet", spreadsheets.parquet_bytes),
    "geojson": (".geojson", maps.geojson_bytes),
    "geojsonl": (".geojsonl", maps.geojson_lines_bytes),
    "geoparquet": (".parquet", maps.geoparquet_bytes),
    "kml": (".kml", maps.kml_bytes),
    "kmz": (".kmz", maps.kmz_bytes),
}
_WITHOUT_ROOM = {"csv", "geojsonl"}  # for what a file says about itself and its columns


def write(table: Table, form: str, about: About) -> bytes:
    """The table in a format of `FORMATS`; what is told about it goes where the format has a place for it."""
    return FORMATS[form][1](table, about)


def beside(table: Table, form: str, about: About, name: str) -> bytes | None:
    """A file to stand beside the one of this `name` whose format has no place for what is told about it."""
    return spreadsheets.described(table, about, name) if form in _WITHOUT_ROOM else None
