"""The page of an event: what stands, who says so and who does not, through whom it came here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from eventkg.kg.account import account
from eventkg.kg.points import rank
from eventkg.model.naming import EKG, RDF, SKOS
from eventkg.serve import service
from eventkg.serve.pages import layout
from eventkg.serve.pages.matrix import LOOKS, matrix
from eventkg.serve.pages.relays import drawing
from eventkg.serve.turns import in_turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from eventkg.kg.account import Account, Fact
    from eventkg.kg.dossier import Name
    from eventkg.serve.pages.matrix import Line, Matrix

MOST_TRIPLES = 200  # shown at the foot; a download has all of them
_TYPE = f"{RDF}type"
_ELSEWHERE = {f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{EKG}hasFact", f"{EKG}dateAsStated"}
_PLAIN_KINDS = {f"{EKG}Event", f"{EKG}ReportedEvent"}


@dataclass(frozen=True, slots=True)
class Standing:
    """A value that stands: the fact, the lines of the ledger about it, and those that stand with details."""

    fact: Fact
    lines: tuple[Line, ...]

    @property
    def details(self) -> tuple[Line, ...]:
        """With counts, equipment or an ordinal that nobody disputes."""
        return tuple(
            line
            for line in self.lines
            if line.row.judgement.whole and line.row.point.words != line.row.point.plain
        )


async def page(request: Request, iri: str) -> Response:
    """An event, by its IRI, in the view of the address."""
    view = layout.view_of(request)
    graph = service.of(request).graph
    found = await in_turn(request, partial(account, graph, iri, view or None))
    table = matrix(found.ledger, found.reasons)
    return await layout.page(
        request,
        "event.html",
        found=found,
        about=found.description,
        heading=found.description.thing.label,
        kinds=[kind for kind in found.description.kinds if kind.iri not in _PLAIN_KINDS],
        held=any(kind.iri == f"{EKG}Event" for kind in found.description.kinds),
        matrix=table,
        facts=list(_facts(found, table)),
        drawing=drawing(found.chain),
        triples_shown=found.description.triples[:MOST_TRIPLES],
        looks=LOOKS,
        first=found.description.first,
    )


def _facts(found: Account, table: Matrix) -> Iterator[tuple[Name, list[Standing]]]:
    """Attributes in the order in which an analyst asks, each with its values."""
    by_why: dict[int, list[Line]] = {}
    for line in table.lines:
        by_why.setdefault(id(line.why), []).append(line)
    grouped: dict[str, list[Fact]] = {}
    for fact in _shown(found.facts):
        grouped.setdefault(fact.triple.predicate.iri, []).append(fact)
    for iri in sorted(grouped, key=rank):
        values = [Standing(fact, tuple(by_why.get(id(fact.why), ()))) for fact in grouped[iri]]
        yield grouped[iri][0].triple.predicate, values


def _shown(facts: Iterable[Fact]) -> Iterator[Fact]:
    for fact in facts:
        triple = fact.triple
        if triple.predicate.iri in _ELSEWHERE:
            continue
        if triple.predicate.iri == _TYPE and triple.value in _PLAIN_KINDS:
            continue
        yield fact
