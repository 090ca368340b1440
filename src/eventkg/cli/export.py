"""`eventkg export`: the graph as files for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from eventkg.cli import options
from eventkg.export.rdf import FORMATS
from eventkg.kg import graph as kg
from eventkg.kg.policies import View


@click.command("export", short_help="Write the graph for other tools.")
@click.argument("form", metavar="FORMAT", type=click.Choice(tuple(FORMATS)))
@options.output
@click.option(
    "--graph",
    "graphs",
    multiple=True,
    metavar="NAME",
    help="Only this graph (seed, derived …); may be repeated.",
)
@options.force
@options.view
@options.location
def command(
    view: View | None,
    location: Path | None,
    store: str | None,
    form: str,
    output: str,
    graphs: tuple[str, ...],
    force: bool,
) -> None:
    """Write the graph as RDF: ttl, nt, nq, trig, jsonld or rdfxml. The same graph gives the same bytes.

    \b
    eventkg export ttl -o eventkg.ttl
    eventkg export nq --graph seed --graph derived | gzip > seed.nq.gz
    """
    with kg.open(options.one_location(location, store)) as graph:
        options.write_bytes(graph.serialize(form, graphs, view), output, force=force)
