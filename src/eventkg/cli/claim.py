"""`eventkg claim`: claims out of a document into a store."""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventkg.cli import options
from eventkg.cli.printing import printable
from eventkg.kg import adding, configuration
from eventkg.kg.begun import begun
from eventkg.mapping.claimschema import SCHEMA
from eventkg.model.naming import GRAPH_USER, shorten
from eventkg.sources.located import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.kg.adding import Added
    from eventkg.kg.consequences import Fact, Turn

_files = click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
_graph = click.option(
    "--graph", default=GRAPH_USER, metavar="IRI", help="The graph to write to (graph/user)."
)
_replace = click.option(
    "--replace",
    is_flag=True,
    help="Remove what that graph has of the same documents first, in the same step.",
)
_texts = click.option(
    "--text",
    "texts",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A document's text, to look up the quotations of an RDF file in; a YAML file names its own.",
)
_json = click.option("--json", "as_json", is_flag=True, help="JSON for programs.")


@click.group("claim", short_help="Add claims out of a document to a store.")
def command() -> None:
    """Record who says what in a document: one YAML file a document, checked word by word.

    \b
    eventkg claim new article.txt -o claims.yml
    eventkg claim check claims.yml
    eventkg claim add -l my-store claims.yml
    """


@command.command("add", short_help="Add claims files to a store.")
@_files
@options.required_location
@_graph
@_replace
@_texts
@_json
@options.memory
def add(
    files: tuple[Path, ...],
    location: Path,
    graph: str,
    replace: bool,
    texts: tuple[Path, ...],
    as_json: bool,
    memory_mb: int | None,
) -> None:
    """Add claims files to a store, all or none, and say what changes: what is contested now, what is a fact.

    Quotations are looked up in the document's text; actors, places and events must be in the store or be
    declared in the file. A file that was added before changes nothing.

    \b
    eventkg claim add -l my-store claims.yml
    eventkg claim add -l my-store --replace claims.yml        # after you edited it
    """
    limits = configuration.limits({"memory_mb": memory_mb})
    request = adding.Addition(files, graph, replace, texts)
    with _problems_line_by_line():
        _show(adding.add(location, request, limits), as_json=as_json, done="added to")


@command.command("check", short_help="Say what adding claims files would change.")
@_files
@options.directory
@_graph
@_replace
@_texts
@_json
@options.memory
def check(
    files: tuple[Path, ...],
    location: Path | None,
    graph: str,
    replace: bool,
    texts: tuple[Path, ...],
    as_json: bool,
    memory_mb: int | None,
) -> None:
    """Check claims files and say what they would change; nothing is written.

    \b
    eventkg claim check claims.yml
    eventkg claim check -l my-store claims.yml
    """
    limits = configuration.limits({"memory_mb": memory_mb})
    request = adding.Addition(files, graph, replace, texts)
    with _problems_line_by_line():
        _show(adding.check(location, request, limits), as_json=as_json, done="to be added to")


@command.command("new", short_help="Begin a claims file for a document's text.")
@click.argument("text", metavar="TEXT", type=click.Path(path_type=Path))
@click.option("--title", help="The document's title; the first line of the text unless told.")
@click.option("--published", metavar="DAY", help="The day of publication, YYYY-MM-DD.")
@options.output
@options.force
def new(text: Path, title: str | None, published: str | None, output: str, force: bool) -> None:
    """Write a claims file to fill in: the document from its text, and an example of everything in comments.

    \b
    eventkg claim new article.txt --published 2017-01-24 -o claims.yml
    """
    options.write_bytes(begun(text, title, published).encode(), output, force=force)


@command.command("schema", short_help="Write the JSON Schema of claims files, for an editor.")
@options.output
@options.force
def schema(output: str, force: bool) -> None:
    """Write the JSON Schema of claims files: editors complete keys by it and mark what is wrong.

    \b
    eventkg claim schema -o claims-file.schema.json
    """
    options.write_bytes(SCHEMA.read_bytes(), output, force=force)


@contextlib.contextmanager
def _problems_line_by_line() -> Iterator[None]:
    """What is wrong in a file, all of it: a line each, as compilers do."""
    try:
        yield
    except ProblemsError as problem:
        for line in problem.lines():
            click.echo(printable(line), err=True)
        sys.exit(problem.exit_code)


def _show(added: Added, *, as_json: bool, done: str) -> None:
    if as_json:
        click.echo(json.dumps(_data(added), indent=2))
        return
    for line in _lines(added, done):
        click.echo(printable(line))
    for warning in added.warnings:
        click.echo(printable(f"warning: {shorten(warning.focus)}: {warning.message}"), err=True)
    if added.unverified:
        click.echo(
            f"note: {_counted(added.unverified, 'quotation')} not looked up: no --text has them", err=True
        )
    if added.others:
        click.echo(_others(added.others), err=True)


def _lines(added: Added, done: str) -> Iterator[str]:
    if not added.changed:
        yield "nothing to change: the store has all of it"
        return
    removed = f", {added.removed:,} removed" if added.removed else ""
    claims, statements = _counted(added.claims, "claim"), _counted(added.statements, "statement")
    yield f"{claims}, {statements} {done} the store{removed}"
    yield from (f"  {_turned(turn)}" for turn in added.consequences.turns)
    yield from (f"  fact gone: {_said(fact)}" for fact in added.consequences.lost)
    yield from (f"  new fact: {_said(fact)}" for fact in added.consequences.gained)


def _turned(turn: Turn) -> str:
    details = f" ({turn.details})" if turn.details else ""
    what = f"{_said(turn)}{details}"
    now = turn.after.lower() or "gone"
    if turn.of_details:
        now = f"{now} in its details"
    before = "" if not turn.before or not turn.after else f" (was {turn.before.lower()})"
    return f"now {now}{before}: {what}"


def _said(fact: Fact | Turn) -> str:
    return f"{fact.about} {fact.attribute} {fact.value}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _others(count: int) -> str:
    return (
        f"note: the graph has {_counted(count, 'other claim')} from the same document; "
        "--replace removes what the file does not have"
    )


def _data(added: Added) -> dict[str, object]:
    return {**asdict(added), "changed": added.changed}
