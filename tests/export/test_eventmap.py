"""A map of events: whose borders it shows, what is contested, and what it leaves out."""

from __future__ import annotations

import io
import itertools
import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from tests.export.events import FOOT, event
from tests.export.networks import HOSTILE

from eventkg.errors import DataError
from eventkg.export.basemap import Basemap, from_geojson, natural_earth
from eventkg.export.eventmap import draw, extent, spots

if TYPE_CHECKING:
    from pathlib import Path

    from eventkg.export.chart import Shown

SVG = "{http://www.w3.org/2000/svg}"
SQUARE = [[36, 35], [39, 35], [39, 38], [36, 38], [36, 35]]
PLAIN = Basemap((([(36.0, 35.0), (39.0, 35.0), (39.0, 38.0), (36.0, 35.0)],),), (), "Borders: none")


def drawn(events: list[Shown], form: str = "svg", basemap: Basemap = PLAIN) -> bytes:
    out = io.BytesIO()
    draw(events, out, form=form, foot=FOOT, basemap=basemap)
    return out.getvalue()


def words(svg: bytes) -> str:
    return " ".join("".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text"))  # noqa: S314


def test_natural_earth_is_the_whole_world_with_its_borders() -> None:
    ground = natural_earth()
    rings = [ring for polygon in ground.land for ring in polygon]
    lines = (*rings, *ground.borders)
    points = [point for line in lines for point in line]
    assert len(ground.land) > 1_000
    assert len(ground.borders) > 300
    assert min(x for x, _ in points) <= -180
    assert max(x for x, _ in points) >= 180
    assert all(abs(x1 - x0) < 180 for line in ground.borders for (x0, _), (x1, _) in itertools.pairwise(line))
    assert all(ring[0] == ring[-1] for ring in rings)
    assert "de facto" in ground.says
    assert "Natural Earth 4.1" in ground.says


@pytest.mark.parametrize(
    ("longitude", "latitude", "on_land"),
    [
        (37.5, 36.4, True),
        (34.0, 34.5, False),
        (2.35, 48.85, True),
        (-30.0, 40.0, False),
        (179.0, 67.5, True),
        (-179.0, 66.5, True),
        (0.0, -88.0, True),
        (-120.0, 71.0, False),
        (100.0, -17.0, False),
        (-178.0, -17.0, False),
        (51.0, 42.0, False),
    ],
)
def test_land_is_where_it_is(longitude: float, latitude: float, on_land: bool) -> None:
    """By the number of edges of land that a line to the east crosses."""
    crossed = sum(
        (y0 > latitude) != (y1 > latitude) and longitude < x0 + (latitude - y0) / (y1 - y0) * (x1 - x0)
        for polygon in natural_earth().land
        for ring in polygon
        for (x0, y0), (x1, y1) in itertools.pairwise(ring)
    )
    assert (crossed % 2 == 1) == on_land


def test_events_at_one_point_are_one_spot() -> None:
    here, there = (37.5, 36.4), (35.9, 35.4)
    found = spots(
        [event(at=here, contested=True), event(at=here), event(at=there, precision="country"), event(at=None)]
    )
    assert [(s.x, s.y, s.events, s.contested, s.wide) for s in found] == [
        (37.5, 36.4, 2, 1, False), (35.9, 35.4, 1, 0, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "at", [[(37.5, 36.4)], [(37.5, 36.4), (35.9, 35.4)], [(-170.0, 60.0), (170.0, -40.0)], [(10.0, 89.9)]]
)
def test_every_point_is_on_the_map(at: list[tuple[float, float]]) -> None:
    west, south, east, north = extent(spots([event(at=point) for point in at]))
    assert all(west < x < east and south < y < north for x, y in at)
    assert south >= -90
    assert north <= 90


@pytest.mark.slow
@pytest.mark.parametrize("form", ["svg", "png"])
@pytest.mark.parametrize(
    "events",
    [
        [],
        [event()],
        [event(at=(37.5, 36.4), place="Al-Bab")],
        [event(at=(n * 0.7 - 60, n * 0.3)) for n in range(200)],
    ],
    ids=["no event", "no point", "one point", "many points"],
)
def test_any_events_are_drawn_the_same_twice(events: list[Shown], form: str) -> None:
    first = drawn(events, form, natural_earth())
    assert first == drawn(events, form, natural_earth())
    if form == "png":
        assert Image.open(io.BytesIO(first)).size[0] == 1650


@pytest.mark.parametrize("label", HOSTILE)
def test_any_name_of_a_place_is_drawn(label: str) -> None:
    svg = drawn([event(at=(37.5, 36.4), place=HOSTILE[label])])
    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()}  # noqa: S314
    assert "script" not in tags
    assert "\u202e" not in words(svg)


def test_contested_events_are_dashed_and_the_foot_says_what_is_left_out() -> None:
    here = (37.5, 36.4)
    plain, contested = drawn([event(at=here)]), drawn([event(at=here, contested=True), event()])
    before = b'id="legend_1"'
    assert plain.partition(before)[0].count(b"stroke-dasharray") < contested.partition(before)[0].count(
        b"stroke-dasharray"
    )
    told = words(contested)
    for expected in (
        "1 event at 1 point, 1 contested; 1 event without a point left out",
        "Borders: none",
        "CC-BY-4.0",
    ):
        assert expected in told


GEOJSON: dict[str, tuple[dict[str, Any], int, int]] = {
    "a polygon": ({"type": "Polygon", "coordinates": [SQUARE]}, 1, 1),
    "polygons in features": (
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": None,
                    "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]},
                },
                {"type": "Feature", "properties": {}, "geometry": None},
            ],
        },
        2,
        2,
    ),
    "lines and points": (
        {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "MultiLineString", "coordinates": [SQUARE, SQUARE]},
                {"type": "LineString", "coordinates": [[1, 2, 300], [3, 4]]},
                {"type": "Point", "coordinates": [1, 2]},
            ],
        },
        0,
        3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GEOJSON)
def test_land_and_borders_are_taken_from_geojson(name: str, tmp_path: Path) -> None:
    data, land, borders = GEOJSON[name]
    file = tmp_path / "mine.geojson"
    file.write_text(json.dumps({**data, "name": "As drawn by the $\\frac{1}{2}$ ministry"}), encoding="utf-8")
    found = from_geojson(str(file))
    assert (len(found.land), len(found.borders)) == (land, borders)
    told = words(drawn([event(at=(37.0, 36.0))], basemap=found))
    assert "mine.geojson, given by whoever made this picture. As drawn by the $\\frac{1}{2}$ ministry" in told
    assert "Natural Earth" not in told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "no JSON found"),
        ("[" * 100_000, "no JSON found"),
        ("[]", "list found"),
        ('{"type": "Topology"}', "type 'Topology' found"),
        ('{"type": ["Polygon"]}', "found, one of GeoJSON's expected"),
        ('{"type": "GeometryCollection", "geometries": [' * 900 + "]}" * 900, "without end|no JSON"),
        ('{"type": "FeatureCollection"}', "without a list"),
        ('{"type": "FeatureCollection", "features": []}', "no polygon and no line"),
        ('{"type": "Point", "coordinates": [1, 2]}', "no polygon and no line"),
        ('{"type": "Polygon", "coordinates": null}', "no polygon and no line"),
        ('{"type": "Polygon", "coordinates": [[["a", "b"]]]}', "no list of numbers"),
        ('{"type": "LineString", "coordinates": [[1]]}', "no list of numbers"),
        ('{"type": "LineString", "coordinates": [[4172000, 4360000]]}', "in degrees expected"),
        ('{"type": "LineString", "coordinates": [[NaN, 3]]}', "in degrees expected"),
    ],
)
def test_what_is_no_geojson_is_refused_in_a_line(text: str, expected: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=expected) as caught:
        from_geojson(str(file))
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)
