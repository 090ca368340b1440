"""eventkg sources: the data sets that eventkg knows how to import."""

from __future__ import annotations

import json
import sys

import click

from eventkg.cli.printing import printable
from eventkg.cli.tables import print_table
from eventkg.sources.catalog import find_source, known_sources
from eventkg.sources.describing import described


@click.group("sources", short_help="The data sets that can be imported.", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """The data sets that eventkg import knows; without a word more, a list of them.

    \b
    eventkg sources
    eventkg sources show ucdp-ged
    eventkg sources show ./my-data-set
    """
    if context.invoked_subcommand is None:
        context.invoke(list_)


@command.command("list", short_help="Name, title, release, licence.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def list_(as_json: bool) -> None:
    """The sources that come with eventkg."""
    rows = [described(manifest) for manifest in known_sources()]
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        return
    names = ("name", "title", "version", "license")
    print_table(names, ([str(row[name]) for name in names] for row in rows))


@command.command("show", short_help="Everything about one.")
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def show(source: str, as_json: bool) -> None:
    """Title, release, licence, citation, coverage and columns of SOURCE, a name or a folder."""
    said = described(find_source(source))
    if as_json:
        sys.stdout.write(json.dumps(said, indent=2, ensure_ascii=False) + "\n")
        return
    for name, value in said.items():
        text = ", ".join(value) if isinstance(value, list) else str(value)
        if text:
            sys.stdout.write(f"{name:<16} {printable(text)}\n")
