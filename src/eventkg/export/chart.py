"""What pictures of events share: the events drawn, and a foot that says whose world it is and from where."""

from __future__ import annotations

import textwrap
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import IO, TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

from eventkg.export.picture import drawable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from eventkg.export.behind import Credit
    from eventkg.export.tables import Table

PLAIN, CONTESTED = "#3b6ea5", "#b3261e"
_WIDTH, _DPI = 11.0, 150  # inches, pixels an inch
_LINE, _LETTERS = 0.155, 165  # inches a line of the foot, characters in it
_IN_FULL, _IN_SHORT = 12, 40  # sources that the foot names with their citations, and without
_LEFT, _RIGHT, _TOP, _BELOW = 0.65, 0.25, 0.5, 0.75  # inches around the axes


@dataclass(frozen=True, slots=True)
class Shown:
    """An event as a picture shows it; days and position are None where not known.

    `contested` says that somebody objects to a part in it that somebody asserts.
    """

    first: date | None
    last: date | None
    contested: bool
    reported: bool
    place: str
    precision: str
    position: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands below a picture: view, choice, state, sources, and what those cover."""

    view: str
    chosen: str = ""
    state: str = ""
    credits: tuple[Credit, ...] = ()
    covered: tuple[str, ...] = ()

    def lines(self, *told: str) -> list[str]:
        """What is told of this picture first, then where it comes from."""
        said = [*told, f"View (whose world this is): {self.view}"]
        said += [f"Chosen: {self.chosen}"] if self.chosen else []
        said += [f"State: {self.state}"] if self.state else []
        said += map(_credited, self.credits[:_IN_FULL])
        if short := self.credits[_IN_FULL : _IN_FULL + _IN_SHORT]:
            more = len(self.credits) - _IN_FULL - _IN_SHORT
            named = (f"{credit.title} ({credit.licence or 'licence not stated'})" for credit in short)
            said.append("Also: " + ", ".join(named) + (f", and {more:,} more" if more > 0 else ""))
        said += self.covered[:_IN_FULL]
        if (more := len(self.covered) - _IN_FULL) > 0:
            said.append(f"And what {more:,} more cover")
        return [line for text in said for line in textwrap.wrap(drawable(text), _LETTERS)]


def _credited(credit: Credit) -> str:
    known = (credit.title, credit.licence or "licence not stated", credit.citation)
    kept = "" if credit.passed_on else "Its records may not be passed on"
    return "Source: " + ". ".join(filter(None, (*known, kept)))


def shown(table: Table) -> list[Shown]:
    """The rows of a table of events."""
    names = [column.name for column in table.columns]
    return [_shown(dict(zip(names, row, strict=True))) for row in table.rows]


def _shown(row: dict[str, str | int | float | None]) -> Shown:
    latitude, longitude = row["latitude"], row["longitude"]
    known = isinstance(latitude, float) and isinstance(longitude, float)
    return Shown(
        _day(row["first"]),
        _day(row["last"]),
        bool(row["contested_parts"]),
        row["kind"] == "ReportedEvent",
        str(row["place"] or ""),
        str(row["place_precision"] or ""),
        (float(longitude or 0), float(latitude or 0)) if known else None,
    )


def _day(text: object) -> date | None:
    try:
        day = date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:  # a year before 1, or not a day
        return None
    return day if day is None or day.year < date.max.year else None  # 9999 means that nobody knows


@contextmanager
def picture(
    target: IO[bytes], form: str, title: str, foot: list[str], height: float
) -> Iterator[tuple[Figure, Axes]]:
    """A figure of so many inches above its foot, written at the end; the same calls give the same bytes."""
    below = _BELOW + _LINE * len(foot)
    whole = height + _TOP + below
    with (
        mpl.rc_context(
            {"svg.hashsalt": "eventkg", "svg.fonttype": "none", "font.size": 9, "hatch.linewidth": 0.6}
        ),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # a box is drawn, SVG keeps the text
        figure = Figure(figsize=(_WIDTH, whole))
        width = _WIDTH - _LEFT - _RIGHT
        axes = figure.add_axes((_LEFT / _WIDTH, below / whole, width / _WIDTH, height / whole))
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_title(drawable(title), loc="left", fontsize=12, fontweight="bold", parse_math=False)
        yield figure, axes
        figure.text(
            _LEFT / _WIDTH,
            0.12 / whole,
            "\n".join(foot),
            parse_math=False,
            fontsize=7,
            linespacing=1.35,
            color="#444444",
            va="bottom",
        )
        metadata = {"Date": None} if form == "svg" else None
        figure.savefig(target, format=form, dpi=_DPI, metadata=metadata)


def number(count: int, word: str) -> str:
    """`1 event`, `1,200 events`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"
