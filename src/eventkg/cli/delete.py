"""`eventkg delete`: remove a graph from a store."""

from __future__ import annotations

from pathlib import Path

import click

from eventkg.cli import options
from eventkg.kg.loading import delete_graph


@click.command("delete", short_help="Remove a graph from a store.")
@click.option("--graph", required=True, metavar="IRI", help="The graph to remove.")
@options.required_location
def command(graph: str, location: Path) -> None:
    """Remove a graph and what was derived from it. Readers keep the state they began with.

    \b
    eventkg delete -l my-store --graph https://example.org/dump
    """
    click.echo(f"{delete_graph(location, graph):,} statements removed", err=True)
