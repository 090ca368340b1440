"""Why something is a fact in a view, or is not: back from the fact to the words in a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.errors import UsageError
from eventkg.kg.ledger import claims
from eventkg.model.claim import Status
from eventkg.model.fold import fold
from eventkg.model.naming import EKG, RDF, VIEW, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.kg.dossier import Name
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.ledger import Ledger, Row
    from eventkg.kg.points import Judgement, Point
    from eventkg.kg.policies import View

_TYPE = f"{RDF}type"


@dataclass(frozen=True, slots=True)
class Why:
    """Whether a statement is a fact in a view (an IRI), the reason in words, and what is behind it.

    `rows` are those of the statement, with fewer details and with more: who asserts the more asserts the
    less, and who denies the less denies the more.
    """

    view: str
    fact: bool
    reason: str
    rows: tuple[Row, ...]


def why(graph: KnowledgeGraph, subject: str, fact: str, view: View | None = None) -> tuple[Why, ...]:
    """The reasons for every statement that these words name: an attribute, a value or number, or both.

    Raises:
        UsageError: nobody says anything of that kind, or no such view.

    """
    ledger = claims(graph, subject, view)
    wanted = fold(fact)
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in ledger.rows:
        if wanted in _words(row):
            found.setdefault(_statement(row.point), []).append(row)
    if not found:
        said = ", ".join(dict.fromkeys(_local(row.point.predicate) for row in ledger.rows)) or "nothing"
        name = shorten(ledger.subject.iri)
        raise UsageError(f"{name}: nobody says {fact!r} of it; what is spoken of: {said}")
    return tuple(_why(statement, rows, ledger) for statement, rows in found.items())


def reasons(ledger: Ledger) -> tuple[Why, ...]:
    """Why each statement of a ledger is a fact, or is not; in the order of the ledger."""
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in ledger.rows:
        found.setdefault(_statement(row.point), []).append(row)
    return tuple(_why(statement, rows, ledger) for statement, rows in found.items())


def _why(statement: tuple[object, ...], meant: list[Row], ledger: Ledger) -> Why:
    found = dict.fromkeys(_reason(row, ledger) for row in meant)
    reasons = [reason for reason in found if not any(o != reason and o.startswith(reason) for o in found)]
    rows = tuple(row for row in ledger.rows if _statement(row.point) == statement)
    return Why(ledger.view, meant[0].judgement.fact, "; ".join(reasons), rows)


def _statement(said: Point) -> tuple[object, ...]:
    return (said.predicate, said.object, said.value, said.datatype, said.language)


def _words(row: Row) -> set[str]:
    """All that a person may type to mean this point."""
    attributes, values = _names(row.point.predicate), _values(row)
    both = {f"{attribute} {value}" for attribute in attributes for value in values}
    return set(map(fold, attributes | values | both)) - {""}


def _values(row: Row) -> set[str]:
    said = row.point
    values = _names(said.object) if said.object else {said.value}
    if said.predicate.iri == _TYPE and row.judgement.fact:  # what is said to be a strike is an event too
        values |= {f"{EKG}Event", "ekg:Event", "Event"}
    counts = {str(said.count)} if said.count is not None else set()
    counts |= {str(part.count) for part in said.parts}
    counted = {f"{value} {count}" for value in values for count in counts}
    return {*values, *counts, *counted, said.words}


def _names(name: Name) -> set[str]:
    return {name.iri, name.label, shorten(name.iri), _local(name)}


def _local(name: Name) -> str:
    return name.iri.rpartition("#")[2].rpartition("/")[2]


def _reason(row: Row, ledger: Ledger) -> str:
    judged, view = row.judgement, ledger.view.removeprefix(VIEW)
    if judged.fact:
        return _for(row.point, judged, view)
    return f"no fact in {view}: {'; '.join(_against(row, ledger))}"


def _for(said: Point, judged: Judgement, view: str) -> str:
    objections = [*_objections(judged)]
    if judged.status == Status.CONTESTED:
        against = "; ".join(objections) or "other numbers are told"
        return f"a fact in {view}, which adopts what is contested as well: {against}"
    if not judged.whole and said.proposition:
        return f"a fact in {view}, but not in these details: {'; '.join(objections) or 'they are disputed'}"
    if objections:
        return f"a fact in {view}, to which these objections are no bar: {'; '.join(objections)}"
    return f"a fact in {view}: nobody contests it"


def _against(row: Row, ledger: Ledger) -> list[str]:
    judged = row.judgement
    if judged.status == Status.CONTESTED:
        return [*_objections(judged)] or ["it is contested"]
    if judged.status == Status.UNSUPPORTED:
        said = [f"{voice.claimant.label} {voice.stance.lower()} it" for voice in row.claims if voice.heard]
        heard = "" if all(voice.heard for voice in row.claims) else " of those whom it hears"
        return [f"nobody{heard} asserts it", *dict.fromkeys(said)]
    kinds = [other for other in ledger.rows if other.point.predicate.iri == _TYPE]
    if any(k.judgement.status == Status.CONTESTED for k in kinds) and not any(
        k.judgement.fact for k in kinds
    ):
        return ["whether the event happened at all is contested"]
    count = judged.independent
    return [f"{count} independent speaker{'' if count == 1 else 's'} behind it, more are asked for"]


def _objections(judged: Judgement) -> Iterable[str]:
    if judged.denied_by:
        yield f"denied by {_list(judged.denied_by)}"
    if judged.doubted_by:
        yield f"doubted by {_list(judged.doubted_by)}"
    if rivals := rival_words(judged):
        yield f"contradicted by {'; '.join(rivals)}"


def rival_words(judged: Judgement) -> list[str]:
    """What is asserted against a point, and by whom; statements without their details, each once."""
    asserted = [rival for rival in judged.contradicted_by if rival.asserted_by]
    said = [f"{_list(r.asserted_by)}: {r.point.predicate.label} {r.point.plain}" for r in asserted]
    return list(dict.fromkeys(said))


def _list(names: Iterable[Name]) -> str:
    return ", ".join(name.label for name in names)
