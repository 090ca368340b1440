"""How many events begin when: stretches of time that fit a picture."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from eventkg.search.found import Bin

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_DAYS, _MONTHS, _YEARS = 92, 120, 120  # the most bins of each length


def bins(days: NDArray[np.int64]) -> tuple[Bin, ...]:
    """Days, months, years or tens of years, the finest that are not too many; empty ones are there too."""
    if not len(days):
        return ()
    first, last = date.fromordinal(int(days.min())), date.fromordinal(int(days.max()))
    if (last - first).days < _DAYS:
        return _counted(days.astype(np.int64), _day)
    since_1970 = (days.astype(np.int64) - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    months = since_1970.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    if months.max() - months.min() < _MONTHS:
        return _counted(months, _month)
    years = months // 12
    if years.max() - years.min() < _YEARS:
        return _counted(years, lambda year: _years(year, 1))
    return _counted(years // 10, lambda decade: _years(decade * 10, 10))


def _counted(numbers: NDArray[np.int64], stretch: Callable[[int], tuple[date, date]]) -> tuple[Bin, ...]:
    start = int(numbers.min())
    counts = np.bincount(numbers - start)
    days = (stretch(start + number) for number in range(len(counts)))
    return tuple(
        Bin(first.isoformat(), last.isoformat(), int(count))
        for (first, last), count in zip(days, counts, strict=True)
    )


def _day(number: int) -> tuple[date, date]:
    return date.fromordinal(number), date.fromordinal(number)


def _month(number: int) -> tuple[date, date]:
    year, month = divmod(number, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1) if number < 9999 * 12 + 11 else None
    return date(year, month + 1, 1), following - timedelta(1) if following else date.max


def _years(year: int, length: int) -> tuple[date, date]:
    return date(max(1, year), 1, 1), date(min(9999, year + length - 1), 12, 31)
