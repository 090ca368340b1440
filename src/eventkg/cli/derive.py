"""`eventkg derive`: facts, statuses and counts from claims."""

from __future__ import annotations

from pathlib import Path

import click

from eventkg.cli import options
from eventkg.kg import graph as kg
from eventkg.model.naming import shorten

_FORMATS = ("ttl", "nt")


@click.command("derive", short_help="Derive facts and statuses from claims.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@options.output
@options.force
@click.option("--format", "form", type=click.Choice(_FORMATS), default="ttl", show_default=True)
def command(files: tuple[Path, ...], output: str, force: bool, form: str) -> None:
    """Write what the claims in RDF files (the bundled seed if none) come to under the default policy.

    \b
    eventkg derive
    eventkg derive my-claims.ttl -o facts.ttl
    """
    with kg.read(files) if files else kg.open() as graph:
        options.write_bytes(graph.serialize(form, ["derived"]), output, force=force)
        statuses, circles = graph.stats()["statuses"], graph.relay_circles()
    counted = ", ".join(f"{number} {shorten(iri).removeprefix('ekg:')}" for iri, number in statuses.items())
    total = sum(statuses.values())
    click.echo(f"{total} proposition{'' if total == 1 else 's'}: {counted or 'none'}", err=True)
    for claim, relayed in circles:
        click.echo(
            f"{shorten(claim)} relays {shorten(relayed)} in a circle: no speaker behind them", err=True
        )
