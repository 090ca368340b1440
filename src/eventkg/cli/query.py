"""`eventkg query`: ask the graph."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from eventkg.cli import options
from eventkg.cli.tables import print_answer, print_stamp
from eventkg.errors import UsageError
from eventkg.export.stamps import UNSTAMPED, stamped
from eventkg.kg import graph as kg
from eventkg.kg.policies import View
from eventkg.query.job import GRAPHS, SOLUTIONS, Job

_FORMATS = ("table", *SOLUTIONS, *GRAPHS)


@click.command("query", short_help="Ask a SPARQL query.")
@click.argument("sparql", required=False)
@click.option(
    "-f", "--file", "source", metavar="FILE", help="Read the query from a file; - is standard input."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="table on a terminal or else; json is SPARQL 1.1 JSON.",
)
@options.view
@options.limits
@options.location
def command(
    view: View | None,
    location: Path | None,
    store: str | None,
    sparql: str | None,
    source: str | None,
    form: str | None,
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Ask a SPARQL 1.1 query; ekg:, actor:, event:, place:, skos: and the like need no declaration.

    \b
    eventkg query 'SELECT ?who { event:2017-01-21-al-bab-strike ekg:performedBy ?who }'
    eventkg query --view claimant/russian-defence-ministry -f question.rq --format csv > answer.csv
    """
    if (sparql is None) == (source is None):
        raise UsageError("query: one query expected, as an argument or with -f FILE")
    text = sparql if sparql is not None else options.read_text(str(source))
    job = _job(text, form or "table")
    with kg.open(options.one_location(location, store), timeout_s=timeout_s, memory_mb=memory_mb) as graph:
        running, policy = graph.start(job, view)
        with running:
            head = running.head()
            if form in {None, "table"}:
                print_answer(head, b"".join(running.chunks()), policy)
                return
            for chunk in stamped(form or "", policy, running.chunks()):
                sys.stdout.buffer.write(chunk)
    if form in UNSTAMPED:
        print_stamp(policy)


def _job(text: str, form: str) -> Job:
    """A table is made from JSON, or is Turtle where the answer is a graph."""
    if form == "table":
        return Job(text, solutions="json", graph="ttl")
    return Job(text, solutions=form if form in SOLUTIONS else "", graph=form if form in GRAPHS else "")
