"""`eventkg validate`: check data against shapes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from eventkg.cli import options
from eventkg.cli.printing import printable_lines
from eventkg.cli.progress import shapes_checked
from eventkg.kg import graph as kg
from eventkg.kg.checks import How

_FORMATS = ("text", "ttl", "json")
_COLOURS = {"Violation": "red", "Warning": "yellow", "Info": "cyan", "note": "magenta", "conforms": "green",
            "does": "red"}  # fmt: skip


@click.command("validate", short_help="Check the graph, or files, against SHACL shapes.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--data", "more", multiple=True, type=click.Path(path_type=Path), help="A file to check; repeatable."
)
@click.option(
    "--shapes", type=click.Path(path_type=Path), help="Check against these shapes and nothing else."
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice(("violation", "warning", "info", "never")),
    default="violation",
    show_default=True,
    help="The mildest severity that makes the exit code 1.",
)
@click.option(
    "--engine",
    type=click.Choice(("sparql", "pyshacl")),
    default="sparql",
    show_default=True,
    help="sparql compiles shapes to queries; pyshacl is slow, to compare with.",
)
@options.limits
@options.location
def command(
    location: Path | None,
    store: str | None,
    files: tuple[Path, ...],
    more: tuple[Path, ...],
    shapes: Path | None,
    form: str,
    fail_on: str,
    engine: Literal["sparql", "pyshacl"],
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Check RDF files, a store, or the bundled graph if none is given.

    Exit code 0 if it conforms, 1 if not, 2 if the shapes are not well-formed, 124 after the time limit.

    \b
    eventkg validate
    eventkg validate my-claims.ttl --format json
    eventkg validate --shapes my-shapes.ttl --data my-data.ttl --fail-on warning
    """
    with shapes_checked() as progress:
        report = kg.check(
            [*files, *more],
            How(shapes, engine, progress=progress),
            options.one_location(location, store),
            timeout_s=timeout_s,
            memory_mb=memory_mb,
        )
    writers = {
        "text": lambda: "\n".join(map(_coloured, printable_lines(report.to_text()).split("\n"))),
        "ttl": lambda: report.turtle,
        "json": report.to_json,
    }
    click.echo(writers[form]().rstrip("\n"))
    if form == "ttl":
        for note in report.notes:
            click.echo(printable_lines(f"note: {note}"), err=True)
    severity = fail_on if fail_on == "never" else fail_on.capitalize()
    sys.exit(1 if report.fails(severity) else 0)


def _coloured(line: str) -> str:
    """A line of the report; click leaves the colour out where no terminal is."""
    first = line.partition(" ")[0].rstrip(":")
    return click.style(line, fg=_COLOURS[first]) if first in _COLOURS else line
