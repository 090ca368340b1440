"""All that the graph holds of one event, in the order in which an analyst reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.kg.chains import Chain, chain
from eventkg.kg.contexts import Context, contexts
from eventkg.kg.described import Description, Triple, described
from eventkg.kg.dossier import Labels, rows
from eventkg.kg.ledger import Ledger, claims
from eventkg.kg.why import Why, reasons
from eventkg.model.naming import BASE, EKG, RDF
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventkg.kg.dossier import Name
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View

_MATCH = f"{BASE}id/match/"
_SAME = f"{EKG}duplicateOf"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An event that is held to be the same one, or a match that says so: how, and which."""

    how: str
    thing: Name


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement that stands in the view: its `why` is None where no claim is behind it."""

    triple: Triple
    why: Why | None


@dataclass(frozen=True, slots=True)
class Dated:
    """The words with which somebody dates an event; no `claimant` where the event itself has them."""

    words: str
    claimant: Name | None


@dataclass(frozen=True, slots=True)
class Account:
    """An event in a view; `contexts` are the words around quotations by the IRIs of claims."""

    description: Description
    ledger: Ledger
    reasons: tuple[Why, ...]
    facts: tuple[Fact, ...]
    chain: Chain
    contexts: Mapping[str, Context]
    dated: tuple[Dated, ...]
    elsewhere: tuple[Elsewhere, ...]


def account(graph: KnowledgeGraph, event: str, view: View | None = None) -> Account:
    """What there is of an event (a slug, or an IRI), or of anything else that claims are about.

    Raises:
        UnknownSubjectError: nothing is known of it. UsageError: no such view.

    """
    ledger = claims(graph, event, view)
    description = described(graph, ledger.subject.iri, view)
    found = reasons(ledger)
    return Account(
        description=description,
        ledger=ledger,
        reasons=found,
        facts=tuple(_facts(description, found)),
        chain=chain(ledger),
        contexts=contexts(graph, ledger, view),
        dated=_dated(graph, description, view),
        elsewhere=tuple(_elsewhere(description)),
    )


def _dated(graph: KnowledgeGraph, description: Description, view: View | None) -> tuple[Dated, ...]:
    own = {Dated(triple.value, None) for triple in description.values("dateAsStated")}
    labels, said = Labels(), set[tuple[str, str]]()
    for row in rows(graph, "stated_dates", view, subject=description.thing.iri)[1]:
        labels.add(row["claimant"], row["label"])
        said.add((text(row["words"]), text(row["claimant"])))
    told = {Dated(words, labels.name(claimant)) for words, claimant in said}
    return tuple(sorted(own | told, key=lambda one: (one.words, one.claimant.label if one.claimant else "")))


def _facts(description: Description, found: tuple[Why, ...]) -> Iterator[Fact]:
    """Each triple with the reason for which it stands."""
    by_value = {
        (p.predicate.iri, p.object.iri if p.object else p.value): why
        for why in found
        if why.rows
        for p in (why.rows[0].point,)
    }
    for triple in description.triples:
        value = triple.object.iri if triple.object else triple.value
        why = by_value.get((triple.predicate.iri, value))
        if why is None and triple.predicate.iri == f"{RDF}type" and value == f"{EKG}Event":
            why = next(
                (one for one in found if one.fact and one.rows[0].point.predicate.iri == f"{RDF}type"), None
            )
        yield Fact(triple, why)


def _is_kind(one: Why) -> bool:
    return one.rows[0].point.predicate.iri == f"{RDF}type"


def _elsewhere(description: Description) -> Iterator[Elsewhere]:
    for triple in description.values("duplicateOf"):
        if triple.object:
            yield Elsewhere("counted in its stead", triple.object)
    for way in description.pointing:
        if way.predicate.iri == _SAME:
            yield from (Elsewhere("a duplicate of this one", name) for name in way.some)
        yield from (
            Elsewhere("a match that names it", name) for name in way.some if name.iri.startswith(_MATCH)
        )
