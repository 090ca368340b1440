"""`eventkg plot`: events over time, and on a map."""

from __future__ import annotations

import io
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventkg.cli import options
from eventkg.cli.progress import steps
from eventkg.cli.selection import only as selection
from eventkg.errors import UsageError
from eventkg.export.only import Only
from eventkg.kg import graph as kg
from eventkg.kg.asking import Reading
from eventkg.kg.policies import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventkg.export.chart import Foot, Shown

    Progress = Callable[[str, int], None]

_FORMS = {".png": "png", ".svg": "svg"}
_output = click.option(
    "-o", "--output", required=True, metavar="FILE", help="Where to draw it: a .png or .svg file."
)


@click.group("plot", short_help="Draw events over time, or on a map.")
def command() -> None:
    """Pictures of events as PNG or SVG; the same graph gives the same picture.

    What is contested is drawn dashed. The foot says whose view it is, and names sources and licences.

    \b
    eventkg plot histogram -o events.svg
    eventkg plot map --since 2017-01-01 -o events.png
    eventkg network --plot network.svg                  # who is tied to whom
    """


@command.command("histogram", short_help="How many events began in each day, week, month or year.")
@_output
@click.option(
    "--by",
    type=click.Choice(("day", "week", "month", "year")),
    help="Length of the bars; fitting unless told.",
)
@options.force
@selection
@options.limits
@options.view
@options.location
def histogram(
    view: View | None,
    location: Path | None,
    store: str | None,
    output: str,
    by: str | None,
    force: bool,
    only: Only,
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Events by the day, week, month or year in which they began.

    \b
    eventkg plot histogram -o events.svg
    eventkg plot histogram --by month --actor turkey -o turkey.png
    """
    form = _form(output)
    with _chosen(location, store, timeout_s, memory_mb) as (graph, progress):
        events, foot = _events(graph, view, only, progress)
        progress("drawing", 1)
        from eventkg.export import histogram as drawing  # matplotlib takes long to import

        out = io.BytesIO()
        drawing.draw(events, out, form=form, foot=foot, by=by or "")
    options.write_bytes(out.getvalue(), output, force=force)


@command.command("map", short_help="Where events were.")
@_output
@click.option(
    "--basemap",
    metavar="FILE",
    help="Land and borders of this GeoJSON file instead of Natural Earth's.",
)
@options.force
@selection
@options.limits
@options.view
@options.location
def map_(
    view: View | None,
    location: Path | None,
    store: str | None,
    output: str,
    basemap: str | None,
    force: bool,
    only: Only,
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Events at the points of their places, over land and borders.

    Borders are disputed: the picture says whose they are.

    \b
    eventkg plot map -o events.svg
    eventkg plot map --basemap my-borders.geojson -o events.png
    """
    form = _form(output)
    from eventkg.export import basemap as ground

    under = ground.from_geojson(basemap) if basemap else ground.natural_earth()
    with _chosen(location, store, timeout_s, memory_mb) as (graph, progress):
        events, foot = _events(graph, view, only, progress)
        progress("drawing", 1)
        from eventkg.export import eventmap

        out = io.BytesIO()
        eventmap.draw(events, out, form=form, foot=foot, basemap=under)
    options.write_bytes(out.getvalue(), output, force=force)


def _form(output: str) -> str:
    form = _FORMS.get(Path(output).suffix.lower())
    if form is None:
        raise UsageError(f"{output}: extension {' or '.join(_FORMS)} expected")
    return form


@contextmanager
def _chosen(
    location: Path | None, store: str | None, timeout_s: float | None, memory_mb: int | None
) -> Iterator[tuple[kg.KnowledgeGraph, Progress]]:
    """The graph, and who is told how far it is."""
    where = options.one_location(location, store)
    with kg.open(where, timeout_s=timeout_s, memory_mb=memory_mb) as graph, steps() as progress:
        yield graph, progress


def _events(
    graph: kg.KnowledgeGraph, view: View | None, only: Only, progress: Progress
) -> tuple[list[Shown], Foot]:
    from eventkg.kg.drawing import events_shown

    return events_shown(graph, view, only, Reading(progress=progress))
