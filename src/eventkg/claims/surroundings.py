"""What else a policy needs to know of claims: where they stand, when they were made, how they are graded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.bulk import rows
from eventkg.claims.hearing import names_belligerents, under_command
from eventkg.claims.policy import BELLIGERENT
from eventkg.errors import UsageError
from eventkg.model.claim import Book
from eventkg.model.naming import CODE, EKG, GRAPH, GRAPH_DERIVED, GRAPH_MOVED, RDF, shorten
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.claims.policy import Policy
    from eventkg.model.claim import Claim

Grades = dict[str, set[tuple[str, str]]]  # claim or event -> (letter, assessor)

_DERIVED = (ox.NamedNode(GRAPH_DERIVED), ox.NamedNode(GRAPH_MOVED))
_TYPE, _CLAIM = ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{EKG}Claim")
_NONE: frozenset[str] = frozenset()


def described(book: Book, store: ox.Store, policy: Policy) -> Book:
    """The book with what this policy asks of its claims and actors."""
    if names_belligerents(policy):
        parties = belligerents(store).items()
        more = {actor: book.kinds.get(actor, _NONE) | kind for actor, kind in parties}
        book = replace(book, kinds={**book.kinds, **more})
    if not (policy.known_on or policy.sources() or policy.reliability):
        return book  # what it passes over, claims say themselves
    graded = grades(store, policy) if policy.reliability else {}
    return replace(
        book, claims={iri: _described(claim, store, policy, graded) for iri, claim in book.claims.items()}
    )


def _described(claim: Claim, store: ox.Store, policy: Policy, graded: Grades) -> Claim:
    conveyed = _objects(store, claim.iri, "conveys") if policy.sources() or graded else ()
    found = [graded.get(iri, ()) for iri in (claim.iri, *conveyed)]
    return replace(
        claim,
        not_after=_not_after(store, claim.iri) if policy.known_on else "",
        sources=_sources(store, claim.iri, conveyed) if policy.sources() else frozenset(),
        grades=frozenset(grade for each in found for grade in each),
    )


def _not_after(store: ox.Store, claim: str) -> str:
    """The earliest of: the claimant's last possible day, a document's publication, our own record."""
    days = [*_objects(store, claim, "claimedNotAfter"), *_objects(store, claim, "recordedOn")]
    documents = _objects(store, claim, "foundIn")
    days += [day for document in documents for day in _objects(store, document, "publishedOn")]
    return min(days, default="")


def _sources(store: ox.Store, claim: str, conveyed: tuple[str, ...]) -> frozenset[str]:
    graphs = {
        q.graph_name.value
        for q in _quads(store, claim, _TYPE)
        if q.object == _CLAIM and isinstance(q.graph_name, ox.NamedNode)
    }
    data_sets = {found for node in (claim, *conveyed) for found in _objects(store, node, "fromDataset")}
    return frozenset(graphs | data_sets)


def grades(store: ox.Store, policy: Policy) -> Grades:
    """What was graded, with the letters and who gave them; not by a day on which nobody had yet."""
    found: Grades = defaultdict(set)
    for quad in store.quads_for_pattern(None, ox.NamedNode(f"{EKG}reliability"), None):
        assessment = text(quad.subject)
        if (
            policy.known_on
            and min(_objects(store, assessment, "assessedOn"), default="9999") > policy.known_on
        ):
            continue
        letter = text(quad.object).removeprefix(f"{CODE}reliability/")
        by = _objects(store, assessment, "assessor") or ("",)
        for node in _objects(store, assessment, "assesses"):
            found[node] |= {(letter, assessor) for assessor in by}
    return found


def _subordinates(store: ox.Store) -> dict[str, frozenset[str]]:
    """Who commands whom, by what stands as a fact in the default world."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, ox.NamedNode(f"{EKG}subordinateTo"), None):
        found[text(quad.object)].add(text(quad.subject))
    return {actor: frozenset(under) for actor, under in found.items()}


def belligerents(store: ox.Store) -> dict[str, frozenset[str]]:
    """The kind of all who somewhere speak of themselves or of their opponents."""
    return {text(row[0]): frozenset({BELLIGERENT}) for row in rows(store, "belligerents")}


def with_those_commanded(store: ox.Store, policy: Policy) -> Policy:
    """The policy with all under the command of its partisans by name, if it takes their word as well."""
    if not policy.with_subordinates:
        return policy
    commanded = under_command(policy.partisans, Book(subordinates=_subordinates(store)))
    return replace(policy, partisans=commanded, with_subordinates=False)


def check_known(store: ox.Store, policy: Policy) -> None:
    """A slip in a name must not make a world in which nobody speaks.

    Raises:
        UsageError: the policy names a source or an actor of which nothing is in the store.

    """
    partisans = with_those_commanded(store, policy).partisans
    if partisans and not any(_speaks(store, actor) for actor in partisans):
        raise _silent(*policy.partisans)
    voices = (policy.heard, policy.denial_veto, policy.doubt_veto)
    named = sorted({actor for each in voices for actor in each.speakers()})
    if silent := [actor for actor in named if not _speaks(store, actor)]:
        raise _silent(*silent)
    known = {graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)}
    for source in sorted(policy.sources() - known):
        if next(store.quads_for_pattern(None, None, ox.NamedNode(source)), None) is None:
            names = ", ".join(sorted(graph.removeprefix(GRAPH) for graph in known))
            raise UsageError(f"view {policy.name}: source {shorten(source)} found, one of {names} expected")


def _silent(*actors: str) -> UsageError:
    return UsageError(
        f"{', '.join(sorted(actors))}: an actor found who says nothing here, a speaker expected"
    )


def _speaks(store: ox.Store, actor: str) -> bool:
    node = ox.NamedNode(actor)
    named = ("claimant", "attributedTo")
    return any(next(store.quads_for_pattern(None, ox.NamedNode(EKG + n), node), None) for n in named)


def _objects(store: ox.Store, node: str, name: str) -> tuple[str, ...]:
    return tuple(sorted({text(quad.object) for quad in _quads(store, node, ox.NamedNode(EKG + name))}))


def _quads(store: ox.Store, node: str, predicate: ox.NamedNode) -> Iterator[ox.Quad]:
    quads = store.quads_for_pattern(ox.NamedNode(node), predicate, None)
    return (quad for quad in quads if quad.graph_name not in _DERIVED)
