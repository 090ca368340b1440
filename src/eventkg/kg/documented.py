"""The claims that were found in a document, in the order of their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.kg.dossier import Labels, Name, rows
from eventkg.store.terms import text

if TYPE_CHECKING:
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View

MOST_CLAIMS = 200  # one less than document_claims.rq asks for


@dataclass(frozen=True, slots=True)
class Found:
    """A claim in a document; `start` is where its words begin, in code points."""

    claim: str
    claimant: Name
    stance: str
    about: tuple[Name, ...]
    quotation: str
    start: int | None
    record: str


def documented(graph: KnowledgeGraph, document: str, view: View | None = None) -> tuple[Found, ...]:
    """Claims found in a document (an IRI), one more than `MOST_CLAIMS` at most.

    Raises:
        UsageError: no such view.

    """
    labels, by_claim = Labels(), dict[str, list[ox.QuerySolution]]()
    for row in rows(graph, "document_claims", view, subject=document)[1]:
        for name in ("claimant", "about", "event"):
            labels.add(row[name], row[f"{name}Label"])
        by_claim.setdefault(text(row["claim"]), []).append(row)
    found = [_found(claim, told, labels) for claim, told in by_claim.items()]
    return tuple(sorted(found, key=lambda one: (one.start is None, one.start or 0, one.claim)))


def _found(claim: str, told: list[ox.QuerySolution], labels: Labels) -> Found:
    first = told[0]
    about = {text(row[name]) for row in told for name in ("about", "event") if row[name] is not None}
    start = _text(first, "start")
    return Found(
        claim=claim,
        claimant=labels.name(_text(first, "claimant")),
        stance=_text(first, "stance").rpartition("#")[2],
        about=tuple(sorted(map(labels.name, about), key=lambda name: (name.label, name.iri))),
        quotation=_text(first, "quotation"),
        start=int(start) if start.isdecimal() else None,
        record=_text(first, "record"),
    )


def _text(row: ox.QuerySolution, name: str) -> str:
    return text(row[name]) if row[name] is not None else ""
