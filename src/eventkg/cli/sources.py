"""eventkg sources: the data sets that eventkg knows how to import."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from eventkg.cli import options
from eventkg.cli.printing import printable
from eventkg.cli.progress import bytes_fetched
from eventkg.cli.tables import print_table
from eventkg.sources.catalog import find_source, known_sources
from eventkg.sources.describing import described
from eventkg.sources.draft import draft
from eventkg.sources.fetch import downloads, fetch


@click.group("sources", short_help="The data sets that can be imported.", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """The data sets that eventkg import knows; without a word more, a list of them.

    \b
    eventkg sources
    eventkg sources show ucdp-ged
    eventkg sources show ./my-data-set
    eventkg sources fetch gazetteer --to downloads
    eventkg sources new my-table.csv -o my-data-set/source.yml
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


@command.command("fetch", short_help="Download its files from the publisher.")
@click.argument("source")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="Where to put them (here unless told).",
)
def fetch_(source: str, files: tuple[str, ...], folder: Path) -> None:
    """Download the files of SOURCE that its publisher offers openly, all or those named.

    This is the only command that asks the network, and it asks the publisher's host only. What broke off goes
    on where it stopped; a file that exists is never replaced; a checksum that differs refuses the file.

    \b
    eventkg sources fetch gazetteer
    eventkg sources fetch gazetteer SY.json --to downloads
    """
    for download in downloads(find_source(source), folder, files):
        with bytes_fetched(download.target.name) as progress:
            got = fetch(download, progress)
        news = "fetched" if got.received else "there already"
        sys.stdout.write(f"{printable(str(got.path))}\t{got.size} bytes\tsha256 {got.sha256}\t{news}\n")


@command.command("new", short_help="Draft a source.yml for a file.")
@click.argument("file", type=click.Path(path_type=Path))
@options.output
@options.force
def new(file: Path, output: str, force: bool) -> None:
    """Draft a source.yml from the columns of FILE, to be completed by hand.

    Everything in it is a guess: the layout, what columns hold, which of them names a row. It does not import
    before title, licence and the other empty lines are filled in.

    \b
    eventkg sources new my-table.csv
    eventkg sources new my-table.csv.gz -o my-data-set/source.yml
    """
    text = draft(file).encode()
    if output != "-":
        Path(output).parent.mkdir(parents=True, exist_ok=True)  # the source's folder, which is as new
    options.write_bytes(text, output, force=force)
