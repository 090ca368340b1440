"""`eventkg stats`: what is in the graph."""

from __future__ import annotations

import json
from pathlib import Path

import click

from eventkg.cli import options
from eventkg.cli.tables import print_table
from eventkg.kg import graph as kg
from eventkg.model.naming import shorten


@click.command("stats", short_help="Count what is in the graph.")
@click.option("--json", "as_json", is_flag=True, help="JSON for programs, with full IRIs.")
@options.limits
@options.location
def command(
    location: Path | None, store: str | None, as_json: bool, timeout_s: float | None, memory_mb: int | None
) -> None:
    """Count triples by graph, instances by class, claims by stance, propositions by status.

    \b
    eventkg stats
    eventkg stats --json | jq .statuses
    """
    with kg.open(options.one_location(location, store), timeout_s=timeout_s, memory_mb=memory_mb) as graph:
        stats = graph.stats()
    if as_json:
        click.echo(json.dumps(stats, indent=2))
        return
    for title, counts in stats.items():
        rows = [(shorten(iri), f"{number:,}") for iri, number in counts.items()]
        print_table([title, "count"], [*rows, ("total", f"{sum(counts.values()):,}")], numbers=["count"])
