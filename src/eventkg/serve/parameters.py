"""The parameters of an address, checked one by one: a misspelt one would be passed over in silence."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from starlette.requests import Request

_WHOLE = re.compile(r"[0-9]{1,10}")
_LONGEST = 2_000  # characters of a parameter
_MOST_TIMES = 100  # that a parameter may be repeated


def only(request: Request, *names: str) -> dict[str, str]:
    """These parameters, "" where one is missing; each once at most, and no other.

    Raises:
        HttpError: 400.

    """
    return several(request, names)[0]


def several(
    request: Request, once: tuple[str, ...], often: tuple[str, ...] = ()
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Those given once at most, "" where one is missing; and all values of those that may be repeated.

    Raises:
        HttpError: 400.

    """
    given = request.query_params
    for name in given:
        values = given.getlist(name)
        if name not in (*once, *often):
            expected = ", ".join((*once, *often))
            raise HttpError(HTTPStatus.BAD_REQUEST, f"{name[:50]!r} found, {expected} expected")
        if len(values) > (most := 1 if name in once else _MOST_TIMES):
            raise HttpError(
                HTTPStatus.BAD_REQUEST, f"{name}: {len(values)} parameters found, {most} expected"
            )
        if max(map(len, values)) > _LONGEST:
            raise HttpError(HTTPStatus.BAD_REQUEST, f"{name}: more than {_LONGEST:,} characters found")
    return {name: given.get(name, "") for name in once}, {name: tuple(given.getlist(name)) for name in often}


def needed(asked: dict[str, str], name: str, what: str) -> str:
    """A parameter that must be there."""
    if not asked[name].strip():
        raise HttpError(HTTPStatus.BAD_REQUEST, f"{name}: nothing found, {what} expected")
    return asked[name]


def whole_number(asked: dict[str, str], name: str, unless_told: int, most: int) -> int:
    """A whole number from 0 on."""
    text = asked[name]
    if not text:
        return unless_told
    if not _WHOLE.fullmatch(text) or int(text) > most:
        found = f"{name}: {text[:50]!r} found, a whole number up to {most:,} expected"
        raise HttpError(HTTPStatus.BAD_REQUEST, found)
    return int(text)
