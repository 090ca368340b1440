"""`eventkg network`: who is tied to whom, as a table, measures or a picture."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventkg.cli import options
from eventkg.cli.measuring import print_bounds, print_measures, print_series
from eventkg.cli.progress import steps
from eventkg.cli.selection import explain_none
from eventkg.cli.selection import only as selection
from eventkg.cli.tables import print_stamp, print_table
from eventkg.errors import UsageError
from eventkg.export.network import KINDS
from eventkg.export.only import Only
from eventkg.export.windows import PERIODS
from eventkg.kg import graph as kg
from eventkg.kg.asking import Reading
from eventkg.kg.coverage import coverage
from eventkg.kg.policies import View

if TYPE_CHECKING:
    from collections.abc import Callable, Sized

    from eventkg.export.network import Graph
    from eventkg.kg.graph import KnowledgeGraph

_PICTURES = {".png": "png", ".svg": "svg"}
_KINDS = "\n".join(f"{name}: {kind.title}" for name, kind in KINDS.items())


@click.command("network", short_help="Show, measure or draw who is tied to whom.")
@click.option("--kind", type=click.Choice(tuple(KINDS)), default="actor-event", show_default=True)
@click.option("--measures", "measured", is_flag=True, help="Centrality, core and community of every node.")
@click.option(
    "--bounds", metavar="MEASURE", help="A measure without and with what is contested (betweenness)."
)
@click.option("--measure", metavar="MEASURE", help="A measure over time; with --every.")
@click.option("--every", metavar="PERIOD", help=f"Windows of a --measure: {', '.join(PERIODS)}.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "csv")),
    default="table",
    show_default=True,
    help="Of measures.",
)
@click.option("--top", type=click.IntRange(1), metavar="N", help="At most this many rows.")
@click.option("--plot", metavar="FILE", help="Draw it: a .png or .svg file.")
@click.option("--html", "page", metavar="FILE", help="An interactive picture in one file, for a browser.")
@options.force
@selection
@options.limits
@options.view
@options.location
def command(
    view: View | None,
    location: Path | None,
    store: str | None,
    kind: str,
    measured: bool,
    bounds: str | None,
    measure: str | None,
    every: str | None,
    form: str,
    top: int | None,
    plot: str | None,
    page: str | None,
    force: bool,
    only: Only,
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Who is tied to whom in the events; contested ties are kept and marked.

    \b
    eventkg network
    eventkg network --kind actor-actor --measures --top 10
    eventkg network --kind claims --plot who-relays-whom.svg
    eventkg network --kind actor-actor --html actors.html
    eventkg network --kind actor-actor --since 2017-01-21 --place al-bab --bounds betweenness
    eventkg network --kind actor-actor --measure degree --every month --format csv > degrees.csv
    """
    asked = _Asked(kind, measured=measured, bounds=bounds, measure=measure, every=every)
    asked.check(plot, page, form)
    with (
        kg.open(options.one_location(location, store), timeout_s=timeout_s, memory_mb=memory_mb) as graph,
        steps() as progress,
    ):
        found = _Found(graph, view, only, Reading(progress=progress))
        if page or plot:
            drawn = (
                found.page(kind) if page else found.picture(kind, _PICTURES[Path(plot or "").suffix.lower()])
            )
            options.write_bytes(drawn, page or plot or "", force=force)
            return
        show, stamp = found.series(asked, top, form) if measure else found.network(asked, top, form)
    show()
    print_stamp(stamp)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be shown of a network."""

    kind: str
    measured: bool
    bounds: str | None
    measure: str | None
    every: str | None

    def check(self, plot: str | None, page: str | None, form: str) -> None:
        if plot and Path(plot).suffix.lower() not in _PICTURES:
            raise UsageError(f"{plot}: extension {' or '.join(_PICTURES)} expected")
        if bool(self.measure) != bool(self.every):
            raise UsageError("network: --measure and --every expected together")
        if bool(plot) + bool(page) + self.measured + bool(self.bounds) + bool(self.measure) > 1:
            raise UsageError("network: one of --plot, --html, --measures, --bounds and --measure expected")
        if form == "csv" and not (self.measured or self.bounds or self.measure):
            raise UsageError("--format csv: measures expected; eventkg export edges writes ties as CSV")


@dataclass(frozen=True, slots=True)
class _Found:
    """A graph as it was chosen."""

    graph: KnowledgeGraph
    view: View | None
    only: Only
    reading: Reading

    def network(self, asked: _Asked, top: int | None, form: str) -> tuple[Callable[[], None], str]:
        """What prints it, and its view."""
        from eventkg.kg import networks  # networkx takes long to import

        made = networks.network(self.graph, asked.kind, self.view, self.only, self.reading)
        made.graph["view"] = self.graph.policy(self.view).iri
        self._explain(made)
        return partial(_print_network, made, asked, top, form), made.graph["view"]

    def series(self, asked: _Asked, top: int | None, form: str) -> tuple[Callable[[], None], str]:
        """The same of a measure over time."""
        from eventkg.kg.series import OverTime, series

        told = OverTime(asked.kind, asked.measure or "", asked.every or "")
        made = series(self.graph, told, self.view, self.only, self.reading)
        self._explain(made.values)
        return partial(print_series, made, top, form), made.view

    def page(self, kind: str) -> bytes:
        """The interactive picture."""
        from eventkg.export import interactive
        from eventkg.kg import drawing

        network, behind = drawing.network_behind(self.graph, kind, self.view, self.only, self.reading)
        self._check_size(network, interactive.MOST, "can be drawn in a browser")
        self.reading.progress("drawing", 1)
        return interactive.write(
            network,
            behind,
            chosen=str(self.only),
            snapshot=drawing.state_of(self.graph),
            covered=coverage(self.graph, self.only, self.view).told(),
        )

    def picture(self, kind: str, form: str) -> bytes:
        """PNG or SVG."""
        from eventkg.export import picture, spread  # matplotlib takes long to import
        from eventkg.kg import drawing

        network, foot = drawing.network_with_foot(self.graph, kind, self.view, self.only, self.reading)
        self._explain(network)
        self._check_size(network, spread.MOST, "can be drawn")
        self.reading.progress("drawing", 1)
        out = io.BytesIO()
        drawn = picture if kind == "actor-event" and len(network) <= _COLUMNS else spread
        drawn.draw(network, out, form=form, foot=foot.lines())
        return out.getvalue()

    def _explain(self, found: Sized) -> None:
        if self.only and not found:
            explain_none(self.graph, self.only, self.view)

    def _check_size(self, network: Graph, most: int, what: str) -> None:
        if len(network) > most:
            raise UsageError(
                f"network: {len(network):,} nodes found, at most {most:,} {what}; "
                "--since, --place and --actor choose, eventkg export gexf takes them all"
            )


_COLUMNS = 120  # nodes that three columns of a picture can hold


def _print_network(network: Graph, asked: _Asked, top: int | None, form: str) -> None:
    if asked.measured:
        print_measures(network, top, form)
    elif asked.bounds:
        print_bounds(network, asked.bounds, top, form)
    else:
        _print_ties(network, top)


def _print_ties(network: Graph, top: int | None) -> None:
    kind = KINDS[network.graph["kind"]]
    edges = sorted(
        network.edges(data=True), key=lambda edge: (-edge[2]["weight"], edge[1], edge[2]["role"], edge[0])
    )
    labels = {node: str(data["label"]) for node, data in network.nodes(data=True)}
    numbers = [f"{kind.unit}s"] if "event" not in kind.ends else []  # one event to a tie otherwise
    rows = [
        (
            labels[source],
            data["role"],
            labels[target],
            *(str(data["weight"]) for _ in numbers),
            data["status"],
        )
        for source, target, data in edges[:top]
    ]
    print_table([kind.ends[0], "role", kind.ends[1], *numbers, "status"], rows, numbers=numbers)
