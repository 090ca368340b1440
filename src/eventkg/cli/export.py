"""`eventkg export`: the graph, its networks and tables as files for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventkg.cli import options
from eventkg.cli.selection import explain_none
from eventkg.cli.selection import only as selection
from eventkg.errors import UsageError
from eventkg.export import netfiles, tablefiles
from eventkg.export.network import KINDS
from eventkg.export.only import Only
from eventkg.export.rdf import FORMATS as RDF
from eventkg.kg import graph as kg
from eventkg.kg.networks import table
from eventkg.kg.policies import View

if TYPE_CHECKING:
    from eventkg.kg.graph import KnowledgeGraph

_FORMATS = (*RDF, *netfiles.FORMATS, *tablefiles.FORMATS)


@click.command("export", short_help="Write the graph, a network or a table for other tools.")
@click.argument("form", metavar="FORMAT", type=click.Choice(_FORMATS))
@options.output
@click.option(
    "--graph",
    "graphs",
    multiple=True,
    metavar="NAME",
    help="RDF: only this graph (seed, derived …); may be repeated.",
)
@click.option(
    "--kind", type=click.Choice(tuple(KINDS)), help="Networks: which one (actor-event unless told)."
)
@click.option(
    "--table", "name", type=click.Choice(("events", "claims")), help="Tables: which one (events unless told)."
)
@options.force
@selection
@options.limits
@options.view
@options.location
def command(
    view: View | None,
    location: Path | None,
    store: str | None,
    form: str,
    output: str,
    graphs: tuple[str, ...],
    kind: str | None,
    name: str | None,
    force: bool,
    only: Only,
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Write RDF, a network or a table. The same graph gives the same bytes.

    RDF: ttl nt nq trig jsonld rdfxml. Networks: gexf graphml cytoscape node-link dot pajek edges neo4j.
    Tables: csv xlsx parquet geojson geojsonl geoparquet kml.

    \b
    eventkg export ttl -o eventkg.ttl
    eventkg export nq --graph seed --graph derived | gzip > seed.nq.gz
    eventkg export gexf --kind actor-actor -o actors.gexf
    eventkg export csv --table claims --since 2017-01-21 -o claims.csv
    """
    _check(form, graphs, kind, name, only)
    with (
        kg.open(options.one_location(location, store), timeout_s=timeout_s, memory_mb=memory_mb) as graph,
        options.writing(output, force=force) as out,
    ):
        if form in RDF:
            graph.write(out, form, graphs, view)
        else:
            out.write(_file(graph, form, view, kind or "actor-event", name or "events", only))


def _check(form: str, graphs: tuple[str, ...], kind: str | None, name: str | None, only: Only) -> None:
    """No option that the format would pass over in silence."""
    misplaced = {
        "--graph": bool(graphs) and form not in RDF,
        "--kind": kind is not None and form not in netfiles.FORMATS,
        "--table": name is not None and form not in tablefiles.FORMATS,
        "--since, --until, --place, --actor, --source": bool(only) and form in RDF,
    }
    for option, found in misplaced.items():
        if found:
            raise UsageError(f"export {form}: {option} found, it does not choose anything in this format")


def _file(graph: KnowledgeGraph, form: str, view: View | None, kind: str, name: str, only: Only) -> bytes:
    """A network or a table."""
    policy = graph.policy(view).iri
    if form in netfiles.FORMATS:
        network = graph.to_networkx(kind, view, only)
        if only and not network:
            explain_none(graph, only, view)
        network.graph["description"] = f"{KINDS[kind].title}; view {policy}"
        return netfiles.write(network, form)
    found = table(graph, name, view, only)
    if only and not found.rows:
        explain_none(graph, only, view)
    return tablefiles.write(found, form, {"view": policy})
