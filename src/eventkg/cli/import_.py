"""eventkg import: tables of a source into a store."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path

import click

from eventkg.cli import options
from eventkg.cli.printing import printable, printable_lines
from eventkg.cli.progress import rows_read
from eventkg.errors import UsageError
from eventkg.kg import configuration
from eventkg.kg.importing import Import, Imported, import_tables
from eventkg.kg.replacing import RowChange


@click.command("import", short_help="Import tables of a data set into a store.")
@click.argument("source")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options.required_location
@click.option("--release", metavar="TEXT", help="The data set's release that the files are of.")
@click.option(
    "--max-bad", default="1%", show_default=True, metavar="SHARE", help="Wrong rows at most: 0.5%, 0."
)
@click.option(
    "--quarantine",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PATH",
    help="Where wrong rows are listed (FILE.quarantine.csv here unless told).",
)
@click.option("--diff", "compare", is_flag=True, help="Print which rows appeared, vanished and changed.")
@click.option("--drop-vanished", is_flag=True, help="Remove rows of a replaced release that FILE lacks.")
@click.option("--dry-run", is_flag=True, help="Do everything but publish the result.")
@click.option("--strict", is_flag=True, help="Import nothing if validation finds anything.")
@options.memory
def command(
    source: str,
    files: tuple[str, ...],
    location: Path,
    release: str | None,
    max_bad: str,
    quarantine: Path | None,
    compare: bool,
    drop_vanished: bool,
    dry_run: bool,
    strict: bool,
    memory_mb: int | None,
) -> None:
    """Import files of SOURCE, a name of eventkg sources or a folder with a source.yml: all files or none.

    Rows that are in the store already, from another file or release, are replaced by those of FILE in the
    same step. Rows that cannot be read are left out and listed in a file. Each may be .gz or .zip. What
    validation finds is told afterwards; with --strict it is looked for before, and refuses the import.

    \b
    eventkg import ucdp-ged -l my-store --release 23.1 GEDEvent_v23_1.csv
    eventkg import ./my-data-set -l my-store table.xlsx
    """
    limits = configuration.limits({"memory_mb": memory_mb})
    aside = quarantine or Path(f"{Path(files[0]).name}.quarantine.csv")
    request = Import(source, files, release, share(max_bad), aside, strict, compare, drop_vanished, dry_run)
    started = time.monotonic()

    def published(done: Imported) -> None:
        bar.close()
        _summary(done, request, time.monotonic() - started)
        _say(f"they are in {location}; now they are validated")

    with ExitStack() as bar:
        progress = bar.enter_context(rows_read(files))
        done = import_tables(location, request, limits, progress, published)
    if request.strict or request.dry_run or not done.files:
        _summary(done, request, time.monotonic() - started)
    _findings(done)


def share(text: str) -> float:
    """`1%` as 0.01.

    Raises:
        UsageError: no share from 0 to 1.

    """
    try:
        found = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        found = -1
    if not 0 <= found <= 1:
        raise UsageError(f"--max-bad: '{text}' found, a share such as 1% or 0.01 expected")
    return found


def _summary(done: Imported, request: Import, seconds: float) -> None:
    for name in done.known:
        _say(f"{name}: in the store already, nothing to do")
    for change in done.changes:
        _print_change(change)
    if done.files:
        _counts(done, request, seconds)
    if request.dry_run:
        _say("a dry run: the store is as it was")


def _print_change(change: RowChange) -> None:
    sys.stdout.write(f"{change.kind}\t{printable(change.key)}\n")
    for sign, facts in (("-", change.old), ("+", change.new)):
        sys.stdout.writelines(printable(f"  {sign} {fact}") + "\n" for fact in facts)


def _counts(done: Imported, request: Import, seconds: float) -> None:
    _say(
        f"{done.read:,} rows read = {done.imported:,} imported + {done.quarantined:,} quarantined "
        f"({done.source} {done.release})"
    )
    if done.quarantined:
        _say(f"the quarantined rows are listed in {request.quarantine}")
    if done.replaced:
        _say(f"{done.replaced:,} of the rows replace others of the same key")
    if done.dropped:
        _say(f"{done.dropped:,} rows of other releases are gone")
    rate = done.read / seconds if seconds else 0
    _say(f"{done.statements:,} statements in {seconds:.1f} s, {rate:,.0f} rows/s")


def _findings(done: Imported) -> None:
    if done.unchecked:
        _say(f"not validated: {done.unchecked}; eventkg validate checks a store")
    elif done.report:
        found = printable_lines(done.report.to_text()) if done.report.findings else "validated: no findings\n"
        click.echo(found, err=True, nl=False)


def _say(line: str) -> None:
    click.echo(printable(line), err=True)
