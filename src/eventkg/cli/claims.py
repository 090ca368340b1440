"""`eventkg claims`: who says what, and why something is a fact."""

from __future__ import annotations

from pathlib import Path

import click

from eventkg.cli import ledgers, options
from eventkg.errors import UsageError
from eventkg.kg import graph as kg
from eventkg.kg.policies import View


@click.command("claims", short_help="Show who says what about an event, and why it is a fact.")
@click.argument("event", required=False)
@click.option("--why", "fact", metavar="FACT", help="Walk back from a fact: 'performedBy turkey', place, 22.")
@click.option("--disputed", is_flag=True, help="All that is contested, and by whom.")
@click.option("--compare", nargs=2, metavar="A B", help="In what the worlds of two policies differ.")
@click.option("--json", "as_json", is_flag=True, help="JSON for programs, with full IRIs.")
@options.view
@options.limits
@options.location
def command(
    view: View | None,
    location: Path | None,
    store: str | None,
    event: str | None,
    fact: str | None,
    disputed: bool,
    compare: tuple[str, str] | None,
    as_json: bool,
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Who says what about EVENT (its name, or any IRI), in which words, and how it stands in a view.

    \b
    eventkg claims 2017-01-22-al-bab-strike
    eventkg claims 2017-01-21-al-bab-strike --why 22
    eventkg claims --disputed
    eventkg claims --compare default claimant/pentagon
    """
    _check(event, fact, view, disputed=disputed, compare=bool(compare))
    with kg.open(options.one_location(location, store), timeout_s=timeout_s, memory_mb=memory_mb) as graph:
        if compare:
            a, b = map(options.chosen_view, compare)
            ledgers.show(graph.compare(a or "", b or "", event), as_json=as_json)
        elif event is None:
            ledgers.show(graph.disputed(view), as_json=as_json)
        elif fact is not None:
            ledgers.show(graph.why(event, fact, view), as_json=as_json)
        else:
            ledgers.show(graph.claims(event, view), as_json=as_json)


def _check(event: str | None, fact: str | None, view: View | None, *, disputed: bool, compare: bool) -> None:
    """One question at a time."""
    if (fact is not None) + disputed + compare > 1:
        raise UsageError("claims: one of --why, --disputed and --compare expected")
    if disputed and event is not None:
        raise UsageError("claims: EVENT and --disputed found, one of them expected")
    if compare and view is not None:
        raise UsageError("claims: --compare names its views itself; --view or --as-known-on found")
    if event is None and not disputed and not compare:
        raise UsageError("claims: an EVENT, --disputed or --compare A B expected")
