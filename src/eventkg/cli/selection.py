"""Options that say which events count, for the verbs that draw, measure and write them."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, TypeVar

import click

from eventkg.cli.printing import printable
from eventkg.errors import UsageError
from eventkg.export.only import Only
from eventkg.kg.coverage import coverage
from eventkg.model.naming import entity

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View

R = TypeVar("R")

_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_OPTIONS = (
    click.option("--since", metavar="DAY", default="", help="Events on or after this day (2017-01-21)."),
    click.option("--until", metavar="DAY", default="", help="Events on or before this day."),
    click.option(
        "--place", "places", multiple=True, metavar="PLACE", help="Events there or within it (al-bab)."
    ),
    click.option(
        "--actor", "actors", multiple=True, metavar="ACTOR", help="Events that it has a part in (turkey)."
    ),
    click.option(
        "--source", "sources", multiple=True, metavar="NAME", help="Events of this graph (seed, ucdp-ged)."
    ),
)


def only(function: Callable[..., R]) -> Callable[..., R]:
    """--since, --until, --place, --actor and --source, handed over as `only`."""

    @functools.wraps(function)
    def with_only(**given: object) -> R:
        return function(only=_chosen(given), **given)

    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(_OPTIONS), with_only)


def _chosen(given: dict[str, object]) -> Only:
    """Takes the options out of what a verb was given."""
    names = {name: given.pop(name) for name in ("since", "until", "places", "actors", "sources")}
    words: dict[str, tuple[str, ...]] = {k: v for k, v in names.items() if isinstance(v, tuple)}
    return Only(
        checked_day("--since", str(names["since"])),
        checked_day("--until", str(names["until"])),
        frozenset(_iri("place", name) for name in words["places"]),
        frozenset(_iri("actor", name) for name in words["actors"]),
        frozenset(words["sources"]),
    )


def checked_day(option: str, text: str) -> str:
    """The same text.

    Raises:
        UsageError: no day in it.

    """
    if text and not _DAY.fullmatch(text):
        raise UsageError(f"{option}: {text!r} found, a day as 2017-01-21 expected")
    return text


def _iri(kind: str, name: str) -> str:
    """An IRI as it is, a name as that of one of ours: `al-bab`, `ucdp/234`."""
    return name if ":" in name else entity(kind, *name.split("/"))


def explain_none(graph: KnowledgeGraph, only: Only, view: View | None) -> None:
    """An empty answer says on stderr what the data sets cover of that which was asked for."""
    click.echo(printable(coverage(graph, only, view).line()), err=True)
