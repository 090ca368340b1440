"""What an address asks of the events: the same parameters for pages, data and downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventkg.export.only import Only
from eventkg.search.asked import CHOICES, MOST_ROWS, Asked
from eventkg.serve.parameters import several, whole_number

if TYPE_CHECKING:
    from starlette.requests import Request

ROWS = 50  # unless told
_ONCE = ("text", "since", "until", "deaths", "sort", "limit", "offset", "view")
_OF_A_PAGE = ("known",)
_FARTHEST = 10**9 - 1


def asked_of(
    request: Request, rows: int = ROWS, most: int = MOST_ROWS, also: tuple[str, ...] = _OF_A_PAGE
) -> Asked:
    """What is looked for, so many rows of it unless told; an empty parameter is as good as none.

    `view` is allowed, and `also` some that the caller reads itself.

    Raises:
        HttpError: 400 for a parameter that is not known, or given twice where one is expected.

    """
    once, often = several(request, (*_ONCE, *also), CHOICES)
    one = {name: value.strip() for name, value in once.items()}
    chosen = {name: tuple(filter(None, dict.fromkeys(values))) for name, values in often.items()}
    return Asked(
        text=one["text"],
        since=one["since"],
        until=one["until"],
        deaths=one["deaths"],
        sort=one["sort"] or "date",
        limit=whole_number(one, "limit", rows, most),
        offset=whole_number(one, "offset", 0, _FARTHEST),
        actor=chosen["actor"],
        equipment=chosen["equipment"],
        type=chosen["type"],
        place=chosen["place"],
        source=chosen["source"],
        status=chosen["status"],
    )


def only_of(asked: Asked) -> Only:
    """The conditions that coverage can speak of."""
    places, actors, sources = map(frozenset, (asked.place, asked.actor, asked.source))
    return Only(asked.since, asked.until, places, actors, sources)
