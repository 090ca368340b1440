"""Periods of the calendar that follow each other: the windows of a series over time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from eventkg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Window = tuple[str, str]  # ISO days, both included

MOST = 1_000  # windows of a series


def windows(first: str, last: str, every: str) -> tuple[Window, ...]:
    """The periods between two ISO days, both included; the outer ones end with these days.

    Raises:
        UsageError: no such period, or more than `MOST` of them.

    """
    if every not in PERIODS:
        raise UsageError(f"--every: {every!r} found, one of {', '.join(PERIODS)} expected")
    found: list[Window] = []
    for start, end in _periods(date.fromisoformat(first), date.fromisoformat(last), PERIODS[every]):
        if len(found) == MOST:
            raise UsageError(
                f"--every {every}: over {MOST:,} of them from {first} to {last} found, at most {MOST:,} "
                "expected; --since and --until choose"
            )
        found.append((max(start.isoformat(), first), min(end.isoformat(), last)))
    return tuple(found)


def _periods(
    first: date, last: date, begin: Callable[[date], tuple[date, date]]
) -> Iterator[tuple[date, date]]:
    day = first
    while day <= last:
        start, after = begin(day)
        yield start, after - timedelta(days=1)
        day = after


def _months(day: date, number: int) -> tuple[date, date]:
    """The period of so many months that a day lies in, and the first day after it."""
    start = (day.month - 1) // number * number
    year, month = divmod(start + number, 12)
    return date(day.year, start + 1, 1), date(day.year + year, month + 1, 1)


def _week(day: date) -> tuple[date, date]:
    """From Monday."""
    start = max(day.toordinal() - day.weekday(), 1)
    return date.fromordinal(start), day + timedelta(days=7 - day.weekday())


PERIODS: dict[str, Callable[[date], tuple[date, date]]] = {
    "day": lambda day: (day, day + timedelta(days=1)),
    "week": _week,
    "month": lambda day: _months(day, 1),
    "quarter": lambda day: _months(day, 3),
    "year": lambda day: _months(day, 12),
}
