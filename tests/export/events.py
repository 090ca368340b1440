"""Events as pictures show them, by hand."""

from __future__ import annotations

from datetime import date

from eventkg.export.behind import Credit
from eventkg.export.chart import Foot, Shown

FOOT = Foot(
    "https://w3id.org/eventkg/view/claimant/pentagon", "since 2017-01-01", "eventkg 0.1.0",
    (Credit("raids", "Raids 1", "CC-BY-4.0", "Example Institute (2026)", passed_on=False),),
)  # fmt: skip


def event(
    first: str = "2017-01-22",
    last: str | None = None,
    *,
    contested: bool = False,
    at: tuple[float, float] | None = None,
    **known: str,
) -> Shown:
    """An event of a day unless told; `at` is longitude and latitude."""
    begun = date.fromisoformat(first) if first else None
    ended = begun if last is None else date.fromisoformat(last) if last else None
    kind, place, precision = (known.get(name, "") for name in ("kind", "place", "precision"))
    return Shown(begun, ended, contested, kind == "ReportedEvent", place, precision, at)
