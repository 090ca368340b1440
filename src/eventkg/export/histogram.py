"""Events over time: how many began in each day, week, month or year, and how many of them are contested."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import IO, TYPE_CHECKING, NamedTuple

from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from eventkg.errors import UsageError
from eventkg.export.chart import CONTESTED, PLAIN, number, picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from eventkg.export.chart import Foot, Shown

_MOST = 90  # bars that can be told apart
_LABELLED = 16
_LIMIT = 2_000  # bars that a picture can hold at all
_HEIGHT = 4.2  # inches


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


class Step(NamedTuple):
    """A length of bars: where that of a day begins, where the next does, and how it is called."""

    start: Callable[[date], date]
    after: Callable[[date], date]
    label: Callable[[date], str]


STEPS = {
    "day": Step(lambda d: d, lambda d: d + timedelta(1), date.isoformat),
    "week": Step(lambda d: d - timedelta(d.weekday()), lambda d: d + timedelta(7), date.isoformat),
    "month": Step(lambda d: d.replace(day=1), _month_after, lambda d: d.isoformat()[:7]),
    "year": Step(lambda d: date(d.year, 1, 1), lambda d: date(d.year + 1, 1, 1), lambda d: d.isoformat()[:4]),
}


class Bar(NamedTuple):
    """The events that began in a span of time; `last` is its last day."""

    first: date
    last: date
    events: int
    contested: int


def fitting(days: Sequence[date]) -> str:
    """The shortest step that gives bars that can be told apart."""
    span = (max(days) - min(days)).days + 1
    return next(
        (step for step, length in (("day", 1), ("week", 7), ("month", 30)) if span <= _MOST * length), "year"
    )


def bars(events: Iterable[Shown], by: str) -> list[Bar]:
    """Every step from the first event to the last, those without events too; undated events are in none."""
    step = STEPS[by]
    dated = [(step.start(event.first), event.contested) for event in events if event.first]
    all_, contested = Counter(day for day, _ in dated), Counter(day for day, is_ in dated if is_)
    found, day = [], min(all_, default=None)
    while day is not None and day <= max(all_):
        after = step.after(day)
        found.append(Bar(day, after - timedelta(1), all_[day], contested[day]))
        day = after
    return found


def draw(events: list[Shown], target: IO[bytes], *, form: str, foot: Foot, by: str = "") -> None:
    """Write PNG or SVG. `by` is one of STEPS; the fitting one unless told.

    Raises:
        UsageError: more bars than can be drawn.

    """
    days = [event.first for event in events if event.first]
    step = by or (fitting(days) if days else "day")
    _check(days, step)
    found = bars(events, step)
    title = f"Events by {step} in which they began"
    with picture(target, form, title, foot.lines(*_told(events, found, step)), _HEIGHT) as (figure, axes):
        places = range(len(found))
        plain = [bar.events - bar.contested for bar in found]
        axes.bar(places, plain, width=0.86, color=PLAIN)
        disputed = [place for place in places if found[place].contested]
        axes.bar(
            disputed, [found[place].contested for place in disputed], width=0.86,
            bottom=[plain[place] for place in disputed],
            facecolor="white", edgecolor=CONTESTED, linestyle="--", linewidth=1.1, hatch="////",
        )  # fmt: skip
        axes.set_ylabel("events")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_ylim(0, max([1, *(bar.events for bar in found)]) * 1.05)
        every = max(1, -(-len(found) // _LABELLED))
        labels = [STEPS[step].label(bar.first) for bar in found]
        axes.set_xticks(list(places)[::every], labels[::every], rotation=30, ha="right", fontsize=8)
        axes.set_xlim(-0.7, max(len(found) - 0.3, 0.7))
        figure.legend(handles=_legend(), loc="upper right", ncols=2, frameon=False, fontsize=8)


def _check(days: list[date], step: str) -> None:
    length = {"day": 1, "week": 7, "month": 30, "year": 365}[step]
    wanted = (max(days) - min(days)).days // length if days else 0
    if wanted > _LIMIT:
        raise UsageError(
            f"histogram: {wanted:,} bars of a {step} found, at most {_LIMIT:,} can be drawn; "
            "--by, --since and --until choose"
        )


def _legend() -> list[Patch]:
    return [
        Patch(color=PLAIN, label="nobody objects to a part in it"),
        Patch(
            facecolor="white", edgecolor=CONTESTED, linestyle="--", hatch="////", label="a part is contested"
        ),
    ]


def _told(events: list[Shown], found: list[Bar], step: str) -> list[str]:
    drawn = sum(bar.events for bar in found)
    longer = sum(
        event.last is None or event.last >= STEPS[step].after(STEPS[step].start(event.first))
        for event in events
        if event.first
    )
    reported = sum(event.reported for event in events if event.first)
    parts = [
        f"{number(drawn, 'event')} drawn",
        f"{number(len(events) - drawn, 'event')} without a day left out",
    ]
    parts += [f"{longer:,} may last beyond the {step} in which they are counted"] if longer else []
    parts += [f"{reported:,} only reported, not held to have happened"] if reported else []
    return ["; ".join(parts) + ". An empty bar says that no event is known, not that there was none."]
