"""`eventkg validate`: check data against shapes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from eventkg.cli import options
from eventkg.cli.printing import printable_lines
from eventkg.kg import graph as kg

_FORMATS = ("text", "ttl", "json")


@click.command("validate", short_help="Check the graph, or files, against SHACL shapes.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--data", "more", multiple=True, type=click.Path(path_type=Path), help="A file to check; repeatable."
)
@click.option(
    "--shapes", type=click.Path(path_type=Path), help="Check against these shapes and nothing else."
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@options.limits
@options.location
def command(
    location: Path | None,
    store: str | None,
    files: tuple[Path, ...],
    more: tuple[Path, ...],
    shapes: Path | None,
    form: str,
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Check RDF files, or the bundled graph if none is given.

    Exit code 0 if it conforms, 1 if not, 2 if the shapes are not well-formed.

    \b
    eventkg validate
    eventkg validate my-claims.ttl --format json
    eventkg validate --shapes my-shapes.ttl --data my-data.ttl
    """
    report = kg.check(
        [*files, *more],
        shapes,
        options.one_location(location, store),
        timeout_s=timeout_s,
        memory_mb=memory_mb,
    )
    writers = {
        "text": lambda: printable_lines(report.to_text()),
        "ttl": lambda: report.turtle,
        "json": report.to_json,
    }
    click.echo(writers[form]().rstrip("\n"))
    sys.exit(0 if report.conforms else 1)
