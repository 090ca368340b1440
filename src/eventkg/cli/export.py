"""`eventkg export`: the graph, its networks and tables as files for other tools."""

from __future__ import annotations

import gzip
import sys
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import quote

import click

from eventkg.cli import options
from eventkg.cli.bundling import bundle_at
from eventkg.cli.printing import printable
from eventkg.cli.progress import steps
from eventkg.cli.selection import checked_day, explain_none
from eventkg.cli.selection import only as selection
from eventkg.errors import UsageError
from eventkg.export import netfiles, rdf, tablefiles
from eventkg.export.about import short_graph
from eventkg.export.network import KINDS
from eventkg.export.only import Only
from eventkg.kg import exports
from eventkg.kg import graph as kg
from eventkg.kg.bundles import Request, fill
from eventkg.kg.exports import Choice
from eventkg.kg.policies import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.export.about import About
    from eventkg.kg.graph import KnowledgeGraph

_FORMATS = (*rdf.FORMATS, *netfiles.FORMATS, *tablefiles.FORMATS, "bundle")
_LEVEL = 6  # of gzip: as gzip itself


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
@click.option("--split", is_flag=True, help="RDF: a file a graph, in the folder -o.")
@click.option(
    "--kind", type=click.Choice(tuple(KINDS)), help="Networks: which one (actor-event unless told)."
)
@click.option(
    "--table", "name", type=click.Choice(("events", "claims")), help="Tables: which one (events unless told)."
)
@click.option(
    "--query",
    "queries",
    multiple=True,
    metavar="FILE",
    help="Bundle: a query that was asked; its answer is put beside it. May be repeated.",
)
@click.option("--date", "day", metavar="DAY", help="Bundle: the day that it bears, today unless told.")
@click.option("--author", default="", metavar="NAME", help="Bundle: the person who hands it over.")
@click.option("--publisher", default="", metavar="NAME", help="Bundle: the organization that publishes it.")
@click.option("--include-restricted", "restricted", is_flag=True, help="Also what may not be passed on.")
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
    split: bool,
    kind: str | None,
    name: str | None,
    queries: tuple[str, ...],
    day: str | None,
    author: str,
    publisher: str,
    restricted: bool,
    force: bool,
    only: Only,
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Write RDF, a network or a table. The same graph gives the same bytes.

    RDF: ttl nt nq trig jsonld rdfxml, ttl12 nt12 (RDF 1.2). Networks: gexf gexf13 graphml cytoscape
    node-link dot pajek edges neo4j cypher. Tables: csv xlsx parquet geojson geojsonl geoparquet kml kmz.
    Bundle (a folder, or a .zip): all that another person needs to check a finding. A name in -o that ends in
    .gz is packed.

    \b
    eventkg export ttl -o eventkg.ttl.gz
    eventkg export nq --graph seed --graph derived -o seed.nq
    eventkg export gexf --kind actor-actor -o actors.gexf
    eventkg export csv --table claims --since 2017-01-21 -o claims.csv
    eventkg export bundle --query question.rq -o finding.zip
    """
    _check(
        form, graphs, kind, name, only, split=split, of_a_bundle=bool(queries or day or author or publisher)
    )
    target = _Target(output, force)
    with (
        kg.open(options.one_location(location, store), timeout_s=timeout_s, memory_mb=memory_mb) as graph,
        steps() as progress,
    ):
        choice = Choice(view, only, restricted, progress)
        if form == "bundle":
            about = _bundle(graph, choice, _requested(queries, day, author, publisher), target)
        elif split:
            about = _split(graph, form, graphs, choice, target)
        elif form in rdf.FORMATS:
            about = _statements(graph, form, graphs, choice, target)
        elif form in netfiles.FORMATS:
            about = _network(graph, form, kind or "actor-event", choice, target)
        else:
            about = _table(graph, form, name or "events", choice, target)
    _say(about)


def _check(
    form: str,
    graphs: tuple[str, ...],
    kind: str | None,
    name: str | None,
    only: Only,
    *,
    split: bool,
    of_a_bundle: bool,
) -> None:
    """No option that the format would pass over in silence."""
    misplaced = {
        "--graph": bool(graphs) and form not in rdf.FORMATS,
        "--split": split and form not in rdf.FORMATS,
        "--kind": kind is not None and form not in netfiles.FORMATS,
        "--table": name is not None and form not in tablefiles.FORMATS,
        "--since, --until, --place, --actor, --source": bool(only) and form in {*rdf.FORMATS, "bundle"},
        "--query, --date, --author, --publisher": of_a_bundle and form != "bundle",
    }
    for option, found in misplaced.items():
        if found:
            raise UsageError(f"export {form}: {option} found, it does not choose anything in this format")


class _Target:
    """Where a file goes, and what stands beside it."""

    def __init__(self, name: str, force: bool) -> None:
        self.name, self.force = name, force

    @contextmanager
    def opened(self, suffix: str = "") -> Iterator[IO[bytes]]:
        """The file, packed where its name says so; complete or not there."""
        name = self.name + suffix
        with options.writing(name, force=self.force) as out:
            if not name.endswith(".gz"):
                yield out
                return
            with gzip.GzipFile("", "wb", _LEVEL, out, mtime=0) as packed:  # no name and no clock in it
                yield cast("IO[bytes]", packed)

    def write(self, data: bytes, beside: bytes | None, about: About) -> None:
        """The file, and the one that describes it where its format has no room for that."""
        with ExitStack() as files:
            files.enter_context(self.opened()).write(data)
            if beside is None:
                return
            if self.name == "-":
                sys.stderr.write(printable("; ".join(about.lines())) + "\n")
            else:
                files.enter_context(self.opened(BESIDE)).write(beside)

    def inside(self, name: str) -> _Target:
        """A file in the folder of this name."""
        return _Target(str(Path(self.name) / name), self.force)


BESIDE = "-metadata.json"  # W3C, "Model for Tabular Data and Metadata on the Web", 5.3


def _statements(
    graph: KnowledgeGraph, form: str, graphs: tuple[str, ...], choice: Choice, target: _Target
) -> About:
    chosen = exports.chosen(graph, graphs, choice)
    with target.opened() as out:
        chosen.write(form, out, graph.limits.memory_mb, choice.progress)
    return chosen.about


def _split(
    graph: KnowledgeGraph, form: str, graphs: tuple[str, ...], choice: Choice, target: _Target
) -> About:
    """All files are there when the last is complete, or none."""
    if target.name == "-":
        raise UsageError("export --split: -o FOLDER expected")
    chosen = exports.chosen(graph, graphs, choice)
    with options.folder(target.name), ExitStack() as files:
        for name, part in chosen.parts():
            file = target.inside(f"{quote(name, safe='')}.{rdf.EXTENSIONS.get(form, form)}")
            out = files.enter_context(file.opened())
            part.write(form, out, graph.limits.memory_mb, choice.progress)
    return chosen.about


def _network(graph: KnowledgeGraph, form: str, kind: str, choice: Choice, target: _Target) -> About:
    network, about = exports.network(graph, kind, choice)
    if choice.only and not network:
        explain_none(graph, choice.only, choice.view)
    choice.progress("writing", 1)
    target.write(netfiles.write(network, form, about), netfiles.beside(form, about), about)
    return about


def _table(graph: KnowledgeGraph, form: str, name: str, choice: Choice, target: _Target) -> About:
    table, about = exports.table(graph, name, choice)
    if choice.only and not table.rows:
        explain_none(graph, choice.only, choice.view)
    choice.progress("writing", 1)
    beside = tablefiles.beside(table, form, about, Path(target.name).name)
    target.write(tablefiles.write(table, form, about), beside, about)
    return about


def _requested(queries: tuple[str, ...], day: str | None, author: str, publisher: str) -> Request:
    texts = {Path(name).stem: options.read_text(name) for name in queries}
    if len(texts) < len(queries):
        raise UsageError("--query: two files of one name found, names of their own expected")
    today = datetime.now(UTC).date().isoformat()
    return Request(checked_day("--date", day or today), texts, author.strip(), publisher.strip())


def _bundle(graph: KnowledgeGraph, choice: Choice, request: Request, target: _Target) -> About:
    with bundle_at(target.name, force=target.force) as folder:
        return fill(graph, folder, choice, request)


def _say(about: About) -> None:
    """What was left out, and why."""
    if about.left_out:
        names = ", ".join(map(short_graph, about.left_out))
        sys.stderr.write(
            printable(f"left out: {names}, may not be passed on; --include-restricted exports it") + "\n"
        )
