"""`eventkg restore`: a backup back into a store."""

from __future__ import annotations

from pathlib import Path

import click

from eventkg.cli import options
from eventkg.kg.keeping import restore


@click.command("restore", short_help="Put a backup back.")
@click.argument("source", type=click.Path(path_type=Path))
@options.required_location
def command(source: Path, location: Path) -> None:
    """Make a backup the current state of a store, all or nothing; the store is made if it does not exist.

    \b
    eventkg restore -l my-store my-store-2026-11-22
    """
    restore(source, location)
    click.echo(f"{location}: restored", err=True)
