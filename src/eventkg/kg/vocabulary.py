"""The words of a query: our prefixes, and the classes and properties that a graph declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.model.naming import PREFIXES, shorten

if TYPE_CHECKING:
    from eventkg.kg.graph import KnowledgeGraph


@dataclass(frozen=True, slots=True)
class Word:
    """A class or property as a query writes it (`name`); label and definition are English, or ""."""

    iri: str
    name: str
    kind: str
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All of them, in the order of their IRIs."""

    prefixes: dict[str, str]
    words: tuple[Word, ...]


def vocabulary(graph: KnowledgeGraph) -> Vocabulary:
    """What is declared in a graph; of several labels or definitions the first."""
    found: dict[tuple[str, str], Word] = {}
    for row in graph.select("vocabulary"):
        iri, kind = str(row["term"]), str(row["kind"])
        said = (str(row["label"] or ""), str(row["definition"] or ""))
        found.setdefault((iri, kind), Word(iri, _written(iri), kind, *said))
    return Vocabulary(dict(PREFIXES), tuple(found.values()))


def _written(iri: str) -> str:
    short = shorten(iri)
    return f"<{iri}>" if short == iri else short
