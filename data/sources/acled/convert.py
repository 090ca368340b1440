"""The first and the last day on which an event can have been: a date that is known to the week is no day."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMATS = ("%Y-%m-%d", "%d %B %Y")
_WEEK = timedelta(days=6)


def rows(raw: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The same rows with the columns `start` and `end`; a date that cannot be read stays as it is."""
    for cells in raw:
        day = _day(cells["event_date"])
        first, last = _span(day, cells["time_precision"].strip()) if day else (None, None)
        cells["start"] = first.isoformat() if first else cells["event_date"]
        cells["end"] = last.isoformat() if last else cells["event_date"]
        yield cells


def _day(text: str) -> date | None:
    for form in _FORMATS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day without a zone
        except ValueError:
            continue
    return None


def _span(day: date, precision: str) -> tuple[date, date]:
    """Precision 2 is the week around the day, wherever it begins; 3 is the month."""
    if precision == "2":
        return day - _WEEK, day + _WEEK
    if precision == "3":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day, day
