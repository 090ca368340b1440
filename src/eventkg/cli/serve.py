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
@options.limits
@options.location
def command(
    location: Path | None,
    store: str | None,
    host: str,
    port: int,
    open_page: bool,
    snapshot: Mode,
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

    with kg.open(
        options.one_location(location, store), snapshot, timeout_s=timeout_s, memory_mb=memory_mb
    ) as graph:
        run(graph, host, port, ready)
