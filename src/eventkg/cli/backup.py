"""`eventkg backup`: copy a store while it is in use."""

from __future__ import annotations

from pathlib import Path

import click

from eventkg.cli import options
from eventkg.kg.keeping import backup


@click.command("backup", short_help="Copy a store while it is in use.")
@click.argument("target", type=click.Path(path_type=Path))
@options.required_location
def command(target: Path, location: Path) -> None:
    """Copy the current state of a store to a new folder; takes no lock and disturbs nobody.

    \b
    eventkg backup -l my-store my-store-2026-11-22
    eventkg restore -l my-store my-store-2026-11-22
    """
    backup(location, target)
    click.echo(f"{target}: complete", err=True)
