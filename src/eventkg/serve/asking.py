"""What an address asks of the events: the same parameters for pages, data and downloads."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from eventkg.export.only import Only
from eventkg.search.asked import CHOICES, MOST_ROWS, Asked
from eventkg.serve.parameters import several, whole_number
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from starlette.requests import Request

ONCE = ("text", "since", "until", "deaths", "sort", "limit", "offset", "view")
ROWS = 50  # unless told
_FARTHEST = 10**9 - 1


def asked_of(
    request: Request, most: int = MOST_ROWS, unless_told: int = ROWS, also: tuple[str, ...] = ()
) -> Asked:
    """What the parameters ask for: those of `Asked`, `view`, and `also` some that the caller reads itself.

    Raises:
        HttpError: 400; one that is unknown, given twice where it may not be, or empty where it may be.

    """
    once, often = several(request, (*ONCE, *also), CHOICES)
    for name, values in often.items():
        if "" in values:
            raise HttpError(HTTPStatus.BAD_REQUEST, f"{name}: nothing found, a value expected")
    return Asked(
        text=once["text"],
        since=once["since"],
        until=once["until"],
        deaths=once["deaths"],
        actor=often["actor"],
        equipment=often["equipment"],
        type=often["type"],
        place=often["place"],
        source=often["source"],
        status=often["status"],
        sort=once["sort"] or "date",
        limit=whole_number(once, "limit", unless_told, most),
        offset=whole_number(once, "offset", 0, _FARTHEST),
    )


def only_of(asked: Asked) -> Only:
    """The conditions that coverage can speak of."""
    return Only(
        asked.since, asked.until, frozenset(asked.place), frozenset(asked.actor), frozenset(asked.source)
    )
