"""`eventkg network`: actors and events as a table or a picture."""

from __future__ import annotations

import io
from pathlib import Path

import click

from eventkg.cli import options
from eventkg.cli.tables import print_stamp, print_table
from eventkg.errors import UsageError
from eventkg.export.network import KINDS
from eventkg.kg import graph as kg
from eventkg.kg.policies import View

_PICTURES = {".png": "png", ".svg": "svg"}


@click.command("network", short_help="Show or draw the actor/strike network.")
@click.option("--kind", type=click.Choice(tuple(KINDS)), default="actor-event", show_default=True)
@click.option("--plot", metavar="FILE", help="Draw it: a .png or .svg file.")
@options.force
@options.limits
@options.view
@options.location
def command(
    view: View | None,
    location: Path | None,
    store: str | None,
    kind: str,
    plot: str | None,
    force: bool,
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Who takes part in which event; contested parts are kept and marked.

    \b
    eventkg network
    eventkg network --plot network.svg
    """
    form = _PICTURES.get(Path(plot).suffix.lower()) if plot else ""
    if form is None:
        raise UsageError(f"{plot}: extension {' or '.join(_PICTURES)} expected")
    with kg.open(options.one_location(location, store), timeout_s=timeout_s, memory_mb=memory_mb) as graph:
        network = graph.to_networkx(kind, view)
    if plot and form:
        from eventkg.export.picture import draw  # matplotlib takes long to import

        picture = io.BytesIO()
        draw(network, picture, form=form, caption=f"view {network.graph['view']}")
        options.write_bytes(picture.getvalue(), plot, force=force)
        return
    edges = sorted(network.edges(data=True), key=lambda edge: (edge[1], edge[2]["role"], edge[0]))
    labels = {node: str(data["label"]) for node, data in network.nodes(data=True)}
    rows = [(labels[actor], data["role"], labels[event], data["status"]) for actor, event, data in edges]
    print_table(["actor", "role", "event", "status"], rows)
    print_stamp(network.graph["view"])
