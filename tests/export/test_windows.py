"""Windows of a series: periods of the calendar without a gap, cut to what was chosen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.errors import UsageError
from eventkg.export.windows import MOST, PERIODS, windows


@pytest.mark.parametrize(
    ("first", "last", "every", "expected"),
    [
        ("2017-01-31", "2017-02-01", "day", [("2017-01-31", "2017-01-31"), ("2017-02-01", "2017-02-01")]),
        ("2017-01-18", "2017-01-23", "week", [("2017-01-18", "2017-01-22"), ("2017-01-23", "2017-01-23")]),
        ("2016-12-15", "2017-01-02", "month", [("2016-12-15", "2016-12-31"), ("2017-01-01", "2017-01-02")]),
        ("2016-12-15", "2017-04-01", "quarter", [("2016-12-15", "2016-12-31"), ("2017-01-01", "2017-03-31"),
                                                 ("2017-04-01", "2017-04-01")]),
        ("2016-02-29", "2016-02-29", "year", [("2016-02-29", "2016-02-29")]),
        ("2017-02-01", "2017-01-01", "month", []),
        ("0001-01-01", "0001-01-07", "week", [("0001-01-01", "0001-01-07")]),
    ],
)  # fmt: skip
def test_periods_are_those_of_the_calendar(
    first: str, last: str, every: str, expected: list[tuple[str, str]]
) -> None:
    assert list(windows(first, last, every)) == expected


_DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(_DAYS, st.integers(0, 900), st.sampled_from(list(PERIODS)))
def test_every_day_lies_in_one_window(first: date, days: int, every: str) -> None:
    found = windows(first.isoformat(), (first + timedelta(days)).isoformat(), every)
    covered = [
        date.fromisoformat(start) + timedelta(n)
        for start, end in found
        for n in range((date.fromisoformat(end) - date.fromisoformat(start)).days + 1)
    ]
    assert covered == [first + timedelta(n) for n in range(days + 1)]


@pytest.mark.parametrize(
    ("last", "every", "expected"),
    [
        ("2017-01-01", "fortnight", "'fortnight' found, one of day, week, month, quarter, year expected"),
        ("2019-09-28", "day", f"at most {MOST:,} expected; --since and --until choose"),
    ],
)
def test_what_cannot_be_shown_is_refused(last: str, every: str, expected: str) -> None:
    with pytest.raises(UsageError, match=expected):
        windows("2017-01-01", last, every)
