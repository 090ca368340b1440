"""What is looked for: words, days, and what events have to do with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from eventkg.errors import UsageError
from eventkg.model.naming import shorten

CONTESTED, UNCONTESTED, CORROBORATED, SINGLE, REPORTED = STATUSES = (
    "contested",
    "uncontested",
    "corroborated",
    "single",
    "reported",
)
DEATHS = {"0": (0, 0), "1-9": (1, 9), "10-99": (10, 99), "100-": (100, None)}
SORTS = ("date", "-date", "relevance", "deaths")
CHOICES = ("actor", "equipment", "type", "place", "source", "status")  # of which several may be chosen
MOST_ROWS, MOST_CHOSEN, LONGEST = 1_000, 100, 500
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Asked:
    """Events that meet every condition; an empty one is met by all.

    `text`: words of names, other names and quotations, or how those begin; all must be there.
    `since`, `until`: ISO days, both included; an event counts if a day of it may lie between them.
    `actor`, `equipment`, `type`, `place` are IRIs, `source` graphs by their short names, `status` some of
    `STATUSES`: of several in one of them any will do. A place stands for everything within it, a class for
    those below it. `deaths`: a key of `DEATHS`, by the best estimate. `sort`: one of `SORTS`; `limit` and
    `offset` count rows.
    """

    text: str = ""
    since: str = ""
    until: str = ""
    actor: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    deaths: str = ""
    sort: str = "date"
    limit: int = 50
    offset: int = 0

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        conditions = (self.text.strip(), self.since, self.until, self.deaths, *self.chosen().values())
        return any(conditions)

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """What is chosen in each facet."""
        return {name: getattr(self, name) for name in CHOICES} | {
            "deaths": (self.deaths,) if self.deaths else ()
        }

    def __str__(self) -> str:
        """The conditions in words, for the head of a file."""
        plain = {"text": self.text, "since": self.since, "until": self.until}
        told = [f"{name} {value}" for name, value in plain.items() if value]
        told += [
            f"{name} {', '.join(map(shorten, chosen))}" for name, chosen in self.chosen().items() if chosen
        ]
        return "; ".join(told) or "all"

    def check(self) -> None:
        """Refuse what cannot mean anything.

        Raises:
            UsageError: a day that does not exist, a code that is none, a number out of range.

        """
        _check_day("since", self.since)
        _check_day("until", self.until)
        if self.deaths:
            _check_code("deaths", self.deaths, tuple(DEATHS))
        for status in self.status:
            _check_code("status", status, STATUSES)
        _check_code("sort", self.sort, SORTS)
        for name, chosen in self.chosen().items():
            if len(chosen) > MOST_CHOSEN:
                raise UsageError(f"{name}: {len(chosen):,} values found, {MOST_CHOSEN} at most expected")
        if not 0 <= self.limit <= MOST_ROWS:
            raise UsageError(f"limit: {self.limit} found, 0 to {MOST_ROWS:,} expected")
        if self.offset < 0:
            raise UsageError(f"offset: {self.offset} found, 0 or more expected")


def _check_day(name: str, text: str) -> None:
    if not text:
        return
    try:
        if not _DAY.fullmatch(text):
            raise ValueError(text)  # noqa: TRY301  (it goes the way of the others)
        date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{name}: {text[:50]!r} found, a day as YYYY-MM-DD expected") from None


def _check_code(name: str, found: str, known: tuple[str, ...]) -> None:
    if found not in known:
        raise UsageError(f"{name}: {found[:50]!r} found, one of {', '.join(known)} expected")
