"""The parameters of an address that say which events are meant."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from eventkg.search.asked import CHOICES, MOST_CHOSEN, Asked
from eventkg.serve.parameters import whole_number
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from starlette.requests import Request

_ONCE = ("text", "since", "until", "deaths", "sort", "limit", "offset", "view", "known")
_FARTHEST, _MOST_ROWS = 10**9 - 1, 1_000


def asked_of(request: Request, per_page: int = 50) -> Asked:
    """What is looked for; an empty parameter is as good as none.

    Raises:
        HttpError: 400 for a parameter that is not known, or given twice where one is expected.

    """
    given = request.query_params
    for name in given:
        if name not in (*_ONCE, *CHOICES):
            known = ", ".join((*_ONCE, *CHOICES))
            raise HttpError(HTTPStatus.BAD_REQUEST, f"{name[:50]!r} found, one of {known} expected")
        count, most = len(given.getlist(name)), MOST_CHOSEN if name in CHOICES else 1
        if count > most:
            raise HttpError(HTTPStatus.BAD_REQUEST, f"{name}: {count} parameters found, {most} expected")
    one = {name: given.get(name, "").strip() for name in _ONCE}
    chosen = {name: tuple(filter(None, dict.fromkeys(given.getlist(name)))) for name in CHOICES}
    return Asked(
        text=one["text"],
        since=one["since"],
        until=one["until"],
        deaths=one["deaths"],
        sort=one["sort"] or "date",
        limit=whole_number(one, "limit", per_page, _MOST_ROWS),
        offset=whole_number(one, "offset", 0, _FARTHEST),
        **chosen,
    )
