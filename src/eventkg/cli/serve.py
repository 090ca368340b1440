"""`eventkg serve`: the SPARQL endpoint and its pages."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from eventkg.cli import options
from eventkg.kg import graph as kg
from eventkg.query.engine import Mode
from eventkg.serve.run import run


@click.command("serve", short_help="Answer SPARQL over HTTP.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=7878, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option("--open", "open_page", is_flag=True, help="Open the start page in a browser.")
@click.option(
    "--snapshot",
    type=click.Choice(("auto", "memory", "disk")),
    default="auto",
    show_default=True,
    help="Answer from memory once the store is loaded, from disk only, or from memory if it fits.",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A policy of your own, served as a view by its name; may be repeated.",
)
@options.limits
@options.location
def command(
    location: Path | None,
    store: str | None,
    host: str,
    port: int,
    open_page: bool,
    snapshot: Mode,
    policies: tuple[Path, ...],
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Serve the graph: pages at /, SPARQL at /sparql, the API's documentation at /docs. Read-only.

    \b
    eventkg serve --open
    curl -G http://127.0.0.1:7878/sparql --data-urlencode 'query=ASK { ?e a ekg:AirStrike }'
    """

    def ready(address: str) -> None:
        click.echo(f"eventkg: serving {address} (Ctrl-C stops)", err=True)
        if open_page:
            webbrowser.open(address)

    where = options.one_location(location, store)
    with kg.open(where, snapshot, policies, timeout_s=timeout_s, memory_mb=memory_mb) as graph:
        graph.policies()  # a folder of them with a mistake in it is found now, not by a visitor
        run(graph, host, port, ready)
