"""Questions to the bundled graph, answered in short names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eventkg.model.naming import BASE, CODE, EKG, VIEW
from eventkg.query.answers import Solutions

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg import KnowledgeGraph

    Rows = set[tuple[str, ...]]

NAMESPACES = (EKG, CODE, VIEW, f"{BASE}id/")


def short(value: object) -> str:
    """`pentagon` for an actor's IRI, `in` for a code's, `Contested` for a status; `-` for nothing."""
    text = "-" if value is None else str(value)
    for namespace in NAMESPACES:
        if text.startswith(namespace):
            return text.rpartition("#")[2].rpartition("/")[2]
    return text


@pytest.fixture(scope="session")
def ask(kg: KnowledgeGraph) -> Callable[[str], Rows]:
    """The distinct rows of a SELECT over the bundled graph, each cell in short."""

    def rows(sparql: str) -> Rows:
        answer = kg.query(sparql)
        assert isinstance(answer, Solutions)
        return {tuple(short(row[name]) for name in answer.variables) for row in answer}

    return rows


@pytest.fixture(scope="session")
def holds(kg: KnowledgeGraph) -> Callable[[str], bool]:
    """The answer to an ASK whose pattern this is."""

    def holding(pattern: str) -> bool:
        answer = kg.query(f"ASK {{ {pattern} }}")
        assert isinstance(answer, bool)
        return answer

    return holding
