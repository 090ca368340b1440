"""`eventkg load`: RDF files into a store on disk."""

from __future__ import annotations

import time
from pathlib import Path

import click

from eventkg.cli import options
from eventkg.cli.printing import printable_lines
from eventkg.cli.progress import bytes_read
from eventkg.kg import configuration
from eventkg.kg.loading import Load, load
from eventkg.kg.parsing import PATIENCE_S
from eventkg.model.naming import GRAPH_USER

_FORMATS = ("ttl", "nt", "nq", "trig", "rdfxml", "jsonld")


@click.command("load", short_help="Load RDF files into a store.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options.required_location
@click.option("--graph", default=GRAPH_USER, metavar="IRI", help="For triples without a graph (graph/user).")
@click.option("--replace", is_flag=True, help="Empty that graph first, in the same step.")
@click.option("--strict", is_flag=True, help="Load nothing if validation finds anything.")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), help="Of the files; needed for standard input (-)."
)
@click.option(
    "--timeout-s",
    type=float,
    default=PATIENCE_S,
    metavar="SECONDS",
    help="Give a file up that its parser makes no progress with (300; exit 124).",
)
@options.memory
def command(
    files: tuple[str, ...],
    location: Path,
    graph: str,
    replace: bool,
    strict: bool,
    form: str | None,
    timeout_s: float,
    memory_mb: int | None,
) -> None:
    """Load Turtle, N-Triples, N-Quads, TriG, RDF/XML or JSON-LD, each also .gz: all files or none.

    The store is made if it does not exist; others may read it meanwhile. A file loaded again changes
    nothing.

    \b
    eventkg load -l my-store my-claims.ttl events.nq.gz
    zcat dump.nt.gz | eventkg load -l my-store --format nt --graph https://example.org/dump -
    """
    limits = configuration.limits({"memory_mb": memory_mb})
    started = time.monotonic()
    with bytes_read(files) as progress:
        loaded = load(location, Load(files, graph, replace, strict, form, timeout_s), limits, progress)
    seconds = time.monotonic() - started
    click.echo(f"{loaded.statements:,} statements loaded in {seconds:.1f} s", err=True)
    if loaded.report is not None and loaded.report.findings:
        click.echo(printable_lines(loaded.report.to_text()), err=True, nl=False)
