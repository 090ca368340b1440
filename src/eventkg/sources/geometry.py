"""GeoJSON geometries as well-known text, with the numbers as they stand in the file."""

from __future__ import annotations

from typing import Any

from eventkg.errors import DataError

_KINDS = {
    "Point": "POINT",
    "MultiPoint": "MULTIPOINT",
    "LineString": "LINESTRING",
    "MultiLineString": "MULTILINESTRING",
    "Polygon": "POLYGON",
    "MultiPolygon": "MULTIPOLYGON",
}


def wkt(geometry: dict[str, Any]) -> str:
    """`POINT (37.5 36.4)`: longitude first, as in the file; heights are left out.

    Raises:
        DataError: no geometry of RFC 7946.

    """
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        inner = ", ".join(wkt(part) for part in geometry.get("geometries") or [])
        return f"GEOMETRYCOLLECTION ({inner})" if inner else "GEOMETRYCOLLECTION EMPTY"
    if kind not in _KINDS:
        raise DataError(f"the geometry '{kind}' is not one of {', '.join(_KINDS)}, GeometryCollection")
    coordinates = geometry.get("coordinates") or []
    if not coordinates:
        return f"{_KINDS[kind]} EMPTY"
    text = _numbers(coordinates)
    return f"{_KINDS[kind]} {text}" if isinstance(coordinates[0], list) else f"{_KINDS[kind]} ({text})"


def _numbers(value: list[Any]) -> str:
    if not isinstance(value, list) or not value:
        raise DataError("a geometry without numbers, expected longitude and latitude")
    if isinstance(value[0], list):
        return "(" + ", ".join(_numbers(part) for part in value) + ")"
    return " ".join(str(number) for number in value[:2])
