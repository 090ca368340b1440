"""Types and queries that several tests of this folder share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from eventkg.query.crews import ForkedCrew
from eventkg.query.pool import Pool

OpenPool = Callable[..., AbstractContextManager[Pool]]

ALL = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
ENDLESS = f"SELECT (COUNT(*) AS ?count) {ALL}"  # 300 to the fifth power rows, and not one before the last
STREAM = f"SELECT * {ALL}"  # as many rows, at once and for ever
GREEDY = f"SELECT * {ALL} ORDER BY ?o"  # keeps them all


def holder(pool: Pool) -> int:
    """The process that holds a pool's snapshot; its children are the workers."""
    crew = pool._crew
    assert isinstance(crew, ForkedCrew)
    return crew._holder.pid
