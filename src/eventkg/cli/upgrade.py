"""`eventkg upgrade`: a store of an older version."""

from __future__ import annotations

from pathlib import Path

import click

from eventkg.cli import options
from eventkg.kg.keeping import upgrade


@click.command("upgrade", short_help="Bring an older store up to date.")
@options.required_location
@click.option(
    "--backup",
    "kept",
    type=click.Path(path_type=Path),
    help="Where the old state is kept (DIR.old, DIR.old-2 …).",
)
def command(location: Path, kept: Path | None) -> None:
    """Back a store up, give it the ontology of this version, and derive everything again.

    \b
    eventkg upgrade -l my-store
    """
    old = upgrade(location, kept)
    click.echo(f"{location}: " + (f"upgraded; the old state is in {old}" if old else "up to date"), err=True)
