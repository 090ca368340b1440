"""Land and borders under a map of events: Natural Earth as it comes with the product, or a GeoJSON file."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventkg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    Line = list[tuple[float, float]]
    Polygon = tuple[Line, ...]

# Natural Earth's own words on its policy: naturalearthdata.com, "Disputed boundaries policy".
NATURAL_EARTH = (
    "Borders: Natural Earth 4.1, 1:50 million (public domain; world-atlas 2.0.2), drawn de facto: by who "
    "controls the ground as Natural Earth sees it, not by who claims it. Some are disputed; --basemap takes "
    "others from a file."
)
_ATLAS = "countries-50m.json"
_HALF, _HAIR = 180.0, 0.01  # degrees


@dataclass(frozen=True, slots=True)
class Basemap:
    """Land and borders by (longitude, latitude), and in words whose borders they are.

    A polygon of land is its outer ring and the rings of what lies within it and is not land.
    """

    land: tuple[Polygon, ...]
    borders: tuple[Line, ...]
    says: str


@cache
def natural_earth() -> Basemap:
    """The bundled one: a line that two countries share is a border, the outline of all is the coast."""
    text = files("eventkg.export").joinpath("static", "basemap", _ATLAS).read_text("utf-8")
    atlas = json.loads(text)
    arcs = [_arc(arc, atlas["transform"]) for arc in atlas["arcs"]]
    countries = atlas["objects"]["countries"]["geometries"]
    used = Counter(
        arc if arc >= 0 else ~arc
        for country in countries
        for polygon in _polygons(country)
        for ring in polygon
        for arc in set(ring)
    )
    land = [polygon for part in atlas["objects"]["land"]["geometries"] for polygon in _polygons(part)]
    borders = [arcs[arc] for arc, countries_of in sorted(used.items()) if countries_of > 1]
    return Basemap(
        tuple(copy for rings in land for copy in _copies([_joined(ring, arcs) for ring in rings])),
        tuple(copy for line in borders for (copy,) in _copies([line])),
        NATURAL_EARTH,
    )


def _copies(lines: list[Line]) -> Iterator[Polygon]:
    """Lines on the globe as lines on a flat map, and again on the other side where they leave the map."""
    flat = [_unrolled(line) for line in lines]
    west, east = _extent(flat[0])
    flat[1:] = [
        _moved(hole, 360.0 * round(((west + east) - sum(_extent(hole))) / 720.0)) for hole in flat[1:]
    ]
    yield tuple(flat)
    for turn in (-360.0, 360.0):
        if west + turn < _HALF - _HAIR and east + turn > _HAIR - _HALF:
            yield tuple(_moved(line, turn) for line in flat)


def _unrolled(line: Line) -> Line:
    """A step of over half the globe is one over its back; a ring around a pole is led over the map's edge."""
    flat, round_ = [line[0]], 0.0
    for (before, _), (x, y) in pairwise(line):
        round_ += 360.0 * ((before - x > _HALF) - (x - before > _HALF))
        flat.append((x + round_, y))
    if round_ and line[0] == line[-1]:
        pole = math.copysign(90.0, line[0][1])
        flat += [(flat[-1][0], pole), (flat[0][0], pole), flat[0]]
    return flat


def _extent(line: Line) -> tuple[float, float]:
    return min(x for x, _ in line), max(x for x, _ in line)


def _moved(line: Line, turn: float) -> Line:
    return [(x + turn, y) for x, y in line]


def _arc(steps: list[list[int]], transform: dict[str, list[float]]) -> Line:
    """TopoJSON keeps each point as a step from the last one, in whole numbers."""
    x = y = 0
    line = []
    (by_x, by_y), (from_x, from_y) = transform["scale"], transform["translate"]
    for dx, dy, *_ in steps:
        x, y = x + dx, y + dy
        line.append((x * by_x + from_x, y * by_y + from_y))
    return line


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Each polygon as its rings, each ring as its arcs."""
    if geometry["type"] == "Polygon":
        return [geometry["arcs"]]
    return list(geometry["arcs"]) if geometry["type"] == "MultiPolygon" else []


def _joined(ring: list[int], arcs: list[Line]) -> Line:
    """The arcs of a ring one after the other; a negative one is run backwards."""
    return [point for arc in ring for point in (arcs[arc] if arc >= 0 else arcs[~arc][::-1])]


def from_geojson(file: str) -> Basemap:
    """Polygons are land with their outline as borders, lines are borders.

    The file's own `name`, `attribution` or `description` says whose they are.

    Raises:
        DataError: the file cannot be read, is no GeoJSON, or holds no polygon or line.

    """
    try:
        data = json.loads(Path(file).read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise DataError(f"{file}: {problem.strerror}") from problem
    except (ValueError, RecursionError) as problem:
        raise DataError(f"{file}: no JSON found, a GeoJSON file with polygons or lines expected") from problem
    if not isinstance(data, dict):
        raise DataError(f"{file}: {type(data).__name__} found, a GeoJSON object expected")
    land: list[Polygon] = []
    borders: list[Line] = []
    try:
        for geometry in _geometries(data, file):
            _take(geometry, file, land, borders)
    except RecursionError as problem:
        raise DataError(f"{file}: collections within collections without end found") from problem
    if not land and not borders:
        raise DataError(f"{file}: no polygon and no line found, at least one expected")
    outlines = (ring for polygon in land for ring in polygon)
    return Basemap(tuple(land), (*outlines, *borders), _says(data, file))


def _says(data: dict[str, Any], file: str) -> str:
    words = [data[key] for key in ("name", "attribution", "description") if isinstance(data.get(key), str)]
    return f"Borders: {Path(file).name}, given by whoever made this picture. {'. '.join(words)}".strip()


def _geometries(data: dict[str, Any], file: str) -> Iterator[dict[str, Any]]:
    kind = data.get("type")
    if kind == "FeatureCollection":
        waiting = data.get("features")
    elif kind == "GeometryCollection":
        waiting = data.get("geometries")
    elif kind == "Feature":
        waiting = [data["geometry"]] if data.get("geometry") else []
    else:
        yield data
        return
    if not isinstance(waiting, list) or not all(isinstance(one, dict) for one in waiting):
        raise DataError(f"{file}: {kind} without a list of objects found, a GeoJSON one expected")
    for one in waiting:
        yield from _geometries(one, file)


_DEPTHS = {"LineString": 0, "MultiLineString": 1, "Polygon": 0, "MultiPolygon": 1}
_PASSED_OVER = {"Point", "MultiPoint"}


def _take(geometry: dict[str, Any], file: str, land: list[Polygon], borders: list[Line]) -> None:
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in {*_DEPTHS, *_PASSED_OVER}:
        raise DataError(f"{file}: type {kind!r} found, one of GeoJSON's expected")
    if kind in _PASSED_OVER:
        return
    parts = _members(geometry.get("coordinates")) if _DEPTHS[kind] else [geometry.get("coordinates")]
    if "Polygon" in kind:
        land += [rings for part in parts if (rings := tuple(_line(ring, file) for ring in _members(part)))]
    else:
        borders += [_line(part, file) for part in parts]


def _members(found: object) -> list[object]:
    return found if isinstance(found, list) else []


def _line(points: object, file: str) -> Line:
    try:
        line = [(float(point[0]), float(point[1])) for point in points]  # type: ignore[attr-defined]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError) as problem:
        raise DataError(f"{file}: coordinates are no list of numbers [longitude, latitude, …]") from problem
    for longitude, latitude in line:
        if not (math.isfinite(longitude) and abs(longitude) <= 360 and abs(latitude) <= 90):
            raise DataError(
                f"{file}: point {longitude:g}, {latitude:g} found, longitude and latitude in degrees expected"
            )
    return line
