"""`eventkg policies`: whose worlds can be looked at."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from eventkg.cli.tables import print_table
from eventkg.kg import configuration
from eventkg.kg.policies import Shelf


@click.command("policies", short_help="List the policies that are known, and what each adopts.")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="JSON for programs, with full IRIs.")
def command(files: tuple[Path, ...], as_json: bool) -> None:
    """List the policies that are known, and what each adopts; check and explain those in FILEs.

    Known are those that come with eventkg, those in the folder that `policies` in eventkg.toml names, and
    those in FILEs. Capitals stand for what you put there.

    \b
    eventkg policies
    eventkg policies my-policy.yml --json
    """
    known = Shelf(files, configuration.policies()).known()
    if as_json:
        click.echo(json.dumps([asdict(policy) for policy in known], indent=2))
        return
    print_table(["view", "what it adopts"], ([policy.name, policy.adopts] for policy in known))
