"""The ledger: what is said about one subject, by whom, in which words, and how it stands in a view."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from eventkg.claims.independence import sources
from eventkg.claims.policy import DEFAULT
from eventkg.claims.positions import Position, positions
from eventkg.kg.dossier import Dossier, Name, UnknownSubjectError, ask, named, solutions, subject_iri
from eventkg.kg.points import Judgement, Point, judgement, order, point, rank, rivals
from eventkg.kg.voices import PASSED_OVER, Voice, voices
from eventkg.model.claim import Book, Proposition, Stance, Statement, Status
from eventkg.model.naming import EKG, XSD, shorten
from eventkg.query.answers import Solutions
from eventkg.query.job import Job
from eventkg.query.named import named_query
from eventkg.store.terms import text, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View

_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float", "nonNegativeInteger")}


@dataclass(frozen=True, slots=True)
class Row:
    """A point, its judgement, and the claims that take a stance on it."""

    point: Point
    judgement: Judgement
    claims: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The lowest and the highest number asserted: of the attribute itself, or of one of its objects."""

    of: Name | None
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far sources agree on an attribute.

    `values` counts the distinct values asserted, `speakers` the independent speakers who assert them for
    certain, `speakers_max` also those whose own source is unstated.
    """

    predicate: Name
    values: int
    speakers: int
    speakers_max: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything said about one subject; `view` is the IRI of the policy that judged it."""

    subject: Name
    view: str
    rows: tuple[Row, ...]
    agreement: tuple[Agreement, ...]


def claims(graph: KnowledgeGraph, subject: str, view: View | None = None) -> Ledger:
    """The ledger of an event (slug), or of anything (IRI).

    Raises:
        UnknownSubjectError: nothing is known of it. UsageError: no such view.

    """
    iri = subject_iri(subject)
    dossier = ask(graph, "subject", view, iri)
    if not len(dossier.store):
        raise UnknownSubjectError(f"{shorten(iri)}: nothing of this name is in the graph{_meant(graph, iri)}")
    dossier, book, unwritten = _with_conveyed(graph, view, iri, dossier)
    taken = positions(book)
    heard = voices(dossier, book, taken)
    taken = frozenset(p for p in taken if not dossier.first(p.claim, PASSED_OVER))
    against = rivals(book)
    rows = [
        Row(
            point(proposition, dossier, unwritten),
            _judge(proposition, dossier, book, taken, against.get(proposition.iri, ())),
            tuple(said),
        )
        for proposition, said in ((p, heard.get(p.iri, ())) for p in book.propositions.values())
        if proposition.statement.about == iri
    ]
    rows.sort(key=lambda row: order(row.point))
    return Ledger(dossier.name(iri), dossier.view, tuple(rows), _agreement(iri, book, taken, dossier))


def _meant(graph: KnowledgeGraph, iri: str) -> str:
    """Things of which claims or facts speak that have this name in theirs."""
    name = iri.rpartition("/id/")[2].partition("/")[2].lower()
    if not name:
        return ""
    job = Job(named_query("ledger_named"), bindings={"name": (name, f"{XSD}string", "")})
    with graph.start(job)[0] as running:
        running.head()
        found = Solutions.from_json(b"".join(running.chunks()))
    return f"; did you mean {' or '.join(shorten(str(row['thing'])) for row in found)}?" if len(found) else ""


def _judge(
    proposition: Proposition,
    dossier: Dossier,
    book: Book,
    taken: frozenset[Position],
    against: Iterable[Proposition],
) -> Judgement:
    """What derivation wrote; for what a data set conveys, what it would have written."""
    written = judgement(proposition, dossier, against)
    if dossier.first(proposition.iri, "status"):
        return written
    heard = [p for p in taken if p.proposition == proposition.iri]
    certain, possible = sources(p for p in heard if p.stance is Stance.ASSERTS)
    standing = Status.CORROBORATED if certain > 1 else Status.UNCONTESTED
    siblings = [p.iri for p in book.propositions.values() if p.statement == proposition.statement]
    known = [s for s in (dossier.first(iri, "status").removeprefix(EKG) for iri in sorted(siblings)) if s]
    status = known[0] if known else standing if heard else Status.UNSUPPORTED
    return replace(
        written,
        status=str(status),
        detail_status=str(status),
        whole=written.fact,
        asserted_by=_speakers(heard, Stance.ASSERTS, dossier),
        denied_by=_speakers(heard, Stance.DENIES, dossier),
        doubted_by=_speakers(heard, Stance.DOUBTS, dossier),
        independent=certain,
        independent_max=possible,
    )


def _speakers(heard: Iterable[Position], stance: Stance, dossier: Dossier) -> tuple[Name, ...]:
    return named(dossier, {p.speaker for p in heard if p.stance is stance and p.speaker})


def _with_conveyed(
    graph: KnowledgeGraph, view: View | None, subject: str, dossier: Dossier
) -> tuple[Dossier, Book, set[str]]:
    """A claim that conveys an event asserts each fact about it in the same graph: made propositions here.

    Returns also the names made up for propositions that nobody has written down.
    """
    book, labels = dossier.book(), dict(dossier.labels)
    plain = {p.statement: p.iri for p in book.propositions.values() if not p.qualifiers}
    unwritten: set[str] = set()
    conveyed: dict[str, set[str]] = defaultdict(set)
    for row in _conveyed(graph, view, subject) if _is_conveyed(book, dossier) else ():
        statement = Statement(subject, text(row["property"]), to_value(row["value"]))
        if row["label"] is not None:
            labels[statement.predicate] = text(row["label"])
        if row["valueLabel"] is not None:
            labels.setdefault(statement.object.text, text(row["valueLabel"]))
        iri = plain.setdefault(statement, f"urn:eventkg:unwritten:{len(unwritten)}")
        if iri not in book.propositions:
            book.propositions[iri] = Proposition(iri, statement)
            unwritten.add(iri)
        conveyed[text(row["node"])].add(iri)
    for claim in [book.claims[iri] for iri in conveyed if iri in book.claims]:
        said = claim.propositions | conveyed[claim.iri]
        book.claims[claim.iri] = replace(claim, propositions=said)
    return replace(dossier, labels=labels), book, unwritten


def _conveyed(graph: KnowledgeGraph, view: View | None, subject: str) -> Iterator[ox.QuerySolution]:
    """What stands in the view, and what its policy took away from the default world: it was said as well."""
    for policy in dict.fromkeys((graph.policy(view), DEFAULT)):
        yield from solutions(graph, "conveyed", policy, subject)[1]


def _is_conveyed(book: Book, dossier: Dossier) -> bool:
    return any(dossier.first(iri, "conveys") for iri in book.claims)


def _agreement(
    subject: str, book: Book, taken: frozenset[Position], dossier: Dossier
) -> tuple[Agreement, ...]:
    asserted: dict[str, list[Position]] = defaultdict(list)
    for position in taken:
        statement = book.propositions[position.proposition].statement
        if statement.about == subject and position.stance is Stance.ASSERTS:
            asserted[statement.predicate].append(position)
    found = []
    for predicate, heard in asserted.items():
        said = {book.propositions[p.proposition] for p in heard}
        certain, possible = sources(heard)
        found.append(
            Agreement(
                predicate=dossier.name(predicate),
                values=len({p.statement for p in said}),
                speakers=certain,
                speakers_max=possible,
                spans=tuple(_spans(said, dossier)),
            )
        )
    return tuple(sorted(found, key=lambda agreement: rank(agreement.predicate.iri)))


def _spans(said: set[Proposition], dossier: Dossier) -> list[Span]:
    numbers: dict[str, list[Decimal]] = defaultdict(list)
    for proposition in said:
        value = proposition.statement.object
        if value.datatype in _NUMBERS and (number := _number(value.text)) is not None:
            numbers[""].append(number)
        for name, count in proposition.qualifiers:
            if name == "count" and not value.datatype:
                numbers[value.text].append(Decimal(count))
    return [
        Span(dossier.name(of) if of else None, str(min(found)), str(max(found)))
        for of, found in sorted(numbers.items())
    ]


def _number(lexical: str) -> Decimal | None:
    """None for what only claims to be a number."""
    try:
        found = Decimal(lexical)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
