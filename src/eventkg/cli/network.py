"""`eventkg network`: who is tied to whom, as a table, measures or a picture."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventkg.cli import options
from eventkg.cli.selection import explain_none
from eventkg.cli.selection import only as selection
from eventkg.cli.tables import print_stamp, print_table
from eventkg.errors import UsageError
from eventkg.export.network import KINDS
from eventkg.export.only import Only
from eventkg.kg import graph as kg
from eventkg.kg.policies import View

if TYPE_CHECKING:
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
    """
    form = _PICTURES.get(Path(plot).suffix.lower()) if plot else ""
    if form is None:
        raise UsageError(f"{plot}: extension {' or '.join(_PICTURES)} expected")
    if bool(plot) + bool(page) + measured + bool(bounds) > 1:
        raise UsageError("network: one of --plot, --html, --measures and --bounds expected")
    with kg.open(options.one_location(location, store), timeout_s=timeout_s, memory_mb=memory_mb) as graph:
        if page:
            options.write_bytes(_page(graph, kind, view, only), page, force=force)
            return
        network = graph.to_networkx(kind, view, only)
        if only and not network:
            explain_none(graph, only, view)
    if plot and form:
        options.write_bytes(_picture(network, form), plot, force=force)
        return
    if measured:
        _print_measures(network, top)
    elif bounds:
        _print_bounds(network, bounds, top)
    else:
        _print_ties(network, top)
    print_stamp(network.graph["view"])


def _page(graph: KnowledgeGraph, kind: str, view: View | None, only: Only) -> bytes:
    from eventkg.export import interactive
    from eventkg.kg import drawing

    network, behind = drawing.network_behind(graph, kind, view, only)
    if len(network) > interactive.MOST:
        raise UsageError(
            f"network: {len(network):,} nodes found, at most {interactive.MOST:,} can be drawn in a browser; "
            "--since, --place and --actor choose, eventkg export gexf takes them all"
        )
    return interactive.write(network, behind, chosen=str(only), snapshot=drawing.state_of(graph))


def _picture(network: Graph, form: str) -> bytes:
    from eventkg.export import picture, spread  # matplotlib takes long to import

    if len(network) > spread.MOST:
        raise UsageError(
            f"network: {len(network):,} nodes found, at most {spread.MOST:,} can be drawn; "
            "--since, --place and --actor choose, eventkg export gexf takes them all"
        )
    out = io.BytesIO()
    drawn = picture if network.graph["kind"] == "actor-event" and len(network) <= _COLUMNS else spread
    drawn.draw(network, out, form=form, caption=f"view {network.graph['view']}")
    return out.getvalue()


_COLUMNS = 120  # nodes that three columns of a picture can hold


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


def _print_measures(network: Graph, top: int | None) -> None:
    from eventkg.export import measures

    found, graph = measures.measure(network), measures.simple(network)
    groups = dict(zip(graph.vs["name"], measures.communities(graph), strict=True))
    nodes = sorted(network, key=lambda node: (-found[node]["weighted_degree"], node))[:top]
    rows = [
        (
            network.nodes[node]["label"],
            *(f"{value:.4g}" for value in found[node].values()),
            str(groups[node] + 1),
        )
        for node in nodes
    ]
    names = [name.replace("_", " ") for name in measures.MEASURES]
    print_table(["node", *names, "community"], rows, numbers=[*names, "community"])
    told = measures.summary(network)
    mixing = "" if told.assortativity is None else f"; assortativity by kind {told.assortativity:.2f}"
    click.echo(
        f"{told.nodes} nodes, {told.edges} ties, {told.components} components, "
        f"{told.communities} communities (modularity {told.modularity:.2f}), "
        f"{len(told.bridges)} bridges{mixing}",
        err=True,
    )


def _print_bounds(network: Graph, name: str, top: int | None) -> None:
    from eventkg.export import measures

    if name not in measures.MEASURES:
        raise UsageError(f"--bounds: {name!r} found, one of {', '.join(measures.MEASURES)} expected")
    found = measures.bounds(network, name)
    nodes = sorted(
        network, key=lambda n: (-abs(found[n].including - found[n].without), -found[n].including, n)
    )
    rows = [
        (network.nodes[n]["label"], f"{found[n].without:.4g}", f"{found[n].including:.4g}",
         f"{found[n].including - found[n].without:+.4g}")
        for n in nodes[:top]
    ]  # fmt: skip
    columns = [f"{name} without what is contested", "with it", "difference"]
    print_table(["node", *columns], rows, numbers=columns)
