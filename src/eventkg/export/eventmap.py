"""A plain map of events over land and borders, and whose borders they are."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise
from typing import IO, TYPE_CHECKING, NamedTuple

from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path

from eventkg.export.chart import CONTESTED, PLAIN, number, picture
from eventkg.export.picture import drawable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from eventkg.export.basemap import Basemap, Polygon
    from eventkg.export.chart import Foot, Shown

    Box = tuple[float, float, float, float]  # west, south, east, north

_SEA, _LAND, _COAST, _BORDER = "#e6eef4", "#faf8f3", "#8d9aa3", "#6b6f73"
_HEIGHT, _SHAPE = 6.6, 10.1 / 6.6  # inches; width over height of the map
_LEAST, _ROOM = (
    2.0,
    0.18,
)  # degrees of latitude shown at least; share of the extent left free around the events
_WORLD, _MOST = (
    (-180.0, -90.0, 180.0, 90.0),
    250.0,
)  # the whole of it; degrees of longitude past which it is shown
_SMALL, _LARGE, _MANY, _BIGGEST = 18.0, 60.0, 100, 900.0  # square points of circles; points that are many
_NAMED = 14  # places that are named at most
_WIDE = frozenset(
    {"second-order-division", "first-order-division", "line-or-area", "country", "water-or-airspace"}
)


class Spot(NamedTuple):
    """The events at one point. `wide`: all are located by an area, which the point only stands for."""

    x: float
    y: float
    events: int
    contested: int
    wide: bool
    name: str


def spots(events: list[Shown]) -> list[Spot]:
    """Events by their point, the most first."""
    at: dict[tuple[float, float], list[Shown]] = defaultdict(list)
    for event in events:
        if event.position:
            at[event.position].append(event)
    found = [
        Spot(
            x,
            y,
            len(here),
            sum(event.contested for event in here),
            all(event.precision in _WIDE for event in here),
            min((event.place for event in here if event.place), default=""),
        )
        for (x, y), here in at.items()
    ]
    return sorted(found, key=lambda spot: (-spot.events, spot.x, spot.y))


def extent(found: list[Spot]) -> Box:
    """What is shown: all points with room around them, in the shape of the map; the world without points."""
    if not found:
        return _WORLD
    west, east = min(s.x for s in found), max(s.x for s in found)
    south, north = min(s.y for s in found), max(s.y for s in found)
    middle = (west + east) / 2, (south + north) / 2
    narrow = _narrowing(middle[1])
    high = max(_LEAST, (north - south) * (1 + 2 * _ROOM), (east - west) * (1 + 2 * _ROOM) * narrow / _SHAPE)
    wide = high * _SHAPE / narrow
    if wide >= _MOST or high >= _WORLD[3] - _WORLD[1]:
        return _WORLD
    middle = middle[0], min(max(middle[1], _WORLD[1] + high / 2), _WORLD[3] - high / 2)
    return middle[0] - wide / 2, middle[1] - high / 2, middle[0] + wide / 2, middle[1] + high / 2


def _height(box: Box) -> float:
    """Inches of the map: less where its shape is flatter than the page."""
    narrow = _narrowing((box[1] + box[3]) / 2)
    return min(_HEIGHT, _HEIGHT * _SHAPE * (box[3] - box[1]) / ((box[2] - box[0]) * narrow))


def _narrowing(latitude: float) -> float:
    """How much shorter a degree of longitude is than one of latitude."""
    return max(0.2, math.cos(math.radians(latitude)))


def draw(events: list[Shown], target: IO[bytes], *, form: str, foot: Foot, basemap: Basemap) -> None:
    """Write PNG or SVG: an equirectangular map, circles by the number of events, dashed where contested."""
    found = spots(events)
    box = extent(found)
    with picture(
        target, form, "Events by place", foot.lines(*_told(events, found), basemap.says), _height(box)
    ) as (
        figure,
        axes,
    ):
        _draw_ground(axes, basemap, box)
        _draw_spots(axes, found)
        _draw_names(axes, found, box)
        axes.set_xlim(box[0], box[2])
        axes.set_ylim(box[1], box[3])
        axes.set_aspect(1 / _narrowing((box[1] + box[3]) / 2))
        axes.set_anchor("N")
        axes.set_xlabel("degrees east", fontsize=7)
        axes.set_ylabel("degrees north", fontsize=7)
        axes.tick_params(labelsize=7, color="#999999")
        figure.legend(handles=_legend(axes), loc="upper right", ncols=4, frameon=False, fontsize=8)


def _draw_ground(axes: Axes, basemap: Basemap, box: Box) -> None:
    axes.set_facecolor(_SEA)
    land = [_path(rings) for rings in basemap.land if _meets(rings[0], box)]
    borders = [line for line in basemap.borders if _meets(line, box)]
    axes.add_collection(
        PathCollection(land, facecolors=_LAND, edgecolors=_COAST, linewidths=0.6, zorder=0), autolim=False
    )
    axes.add_collection(
        LineCollection(borders, colors=_BORDER, linewidths=0.8, linestyles=(0, (6, 2, 1, 2)), zorder=1),
        autolim=False,
    )


def _path(rings: Polygon) -> Path:
    """The outer ring one way round, the others the other way, so that they stay empty."""
    turned = [ring if (_turn(ring) > 0) == (place == 0) else ring[::-1] for place, ring in enumerate(rings)]
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in turned if len(ring) > 2))


def _turn(ring: list[tuple[float, float]]) -> float:
    """Twice the area, positive where it is run counter-clockwise."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))


def _meets(line: list[tuple[float, float]], box: Box) -> bool:
    xs, ys = [x for x, _ in line], [y for _, y in line]
    return bool(xs) and min(xs) <= box[2] and max(xs) >= box[0] and min(ys) <= box[3] and max(ys) >= box[1]


def _areas(found: list[Spot]) -> dict[Spot, float]:
    """In square points: each further event adds as much, less where many lie at one place."""
    most = max((spot.events for spot in found), default=1)
    least = _SMALL if len(found) > _MANY else _LARGE
    return {spot: least + min(40.0, _BIGGEST / most) * (spot.events - 1) for spot in found}


def _draw_spots(axes: Axes, found: list[Spot]) -> None:
    areas = _areas(found)
    for wide, contested in ((True, False), (True, True), (False, False), (False, True)):
        here = [spot for spot in found if spot.wide == wide and bool(spot.contested) == contested]
        axes.scatter(
            [spot.x for spot in here],
            [spot.y for spot in here],
            s=[areas[spot] for spot in here],
            facecolors="none" if wide else f"{PLAIN}88",
            edgecolors=CONTESTED if contested else PLAIN,
            linestyles="--" if contested else "-",
            linewidths=1.6 if contested else 0.8,
            zorder=3,
        )


def _draw_names(axes: Axes, found: list[Spot], box: Box) -> None:
    """The places with most events, each where it hides no other name."""
    taken: list[tuple[float, float]] = []
    areas = _areas(found)
    high = box[3] - box[1]
    wide = box[2] - box[0]
    for spot in found:
        name = drawable(spot.name)[:32]
        near = any(abs(spot.x - x) < wide * 0.13 and abs(spot.y - y) < high * 0.035 for x, y in taken)
        if not name or near or len(taken) == _NAMED:
            continue
        taken.append((spot.x, spot.y))
        axes.annotate(
            name, (spot.x, spot.y), parse_math=False, xytext=(math.sqrt(areas[spot]) / 2 + 3, 0),
            textcoords="offset points", va="center", fontsize=8, zorder=4,
            bbox={"color": "white", "pad": 0.6, "alpha": 0.7},
        )  # fmt: skip


def _legend(axes: Axes) -> list[PathCollection]:
    kinds = (
        (f"{PLAIN}99", PLAIN, "-", "events (area: how many)"),
        ("none", PLAIN, "-", "located by an area only"),
        ("none", CONTESTED, "--", "contested among them"),
    )
    return [
        axes.scatter(
            [], [], s=70, facecolors=face, edgecolors=edge, linestyles=line, linewidths=1.5, label=text
        )
        for face, edge, line, text in kinds
    ]


def _told(events: list[Shown], found: list[Spot]) -> list[str]:
    drawn = sum(spot.events for spot in found)
    contested = sum(spot.contested for spot in found)
    reported = sum(event.reported for event in events if event.position)
    parts = [
        f"{number(drawn, 'event')} at {number(len(found), 'point')}, {contested:,} contested",
        f"{number(len(events) - drawn, 'event')} without a point left out",
    ]
    parts += [f"{reported:,} only reported, not held to have happened"] if reported else []
    return ["; ".join(parts) + ". A point stands for a place, not for where a bomb fell."]
