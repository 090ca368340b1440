"""Small random books of claims, for laws that must hold of all of them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from eventkg.model.claim import Book, Claim, Proposition, Stance, Statement, Value
from eventkg.model.naming import EKG, RDF

ACTORS = ["ministry", "pentagon", "agency", "author"]
EVENTS = ["strike", "transfer"]
_STATEMENTS = [
    Statement("strike", f"{EKG}performedBy", Value("russia")),
    Statement("strike", f"{EKG}performedBy", Value("coalition")),
    Statement("strike", f"{RDF}type", Value(f"{EKG}AirStrike")),
    Statement("transfer", f"{EKG}sender", Value("coalition")),
    Statement("transfer", f"{RDF}type", Value(f"{EKG}InformationTransfer")),
]
_QUALIFIERS = [
    frozenset[tuple[str, str]](),
    frozenset({("count", "2")}),
    frozenset({("count", "2"), ("ordinal", "1")}),
]
PROPOSITIONS = [
    Proposition(f"p{s}{q}", statement, qualifiers)
    for s, statement in enumerate(_STATEMENTS)
    for q, qualifiers in enumerate(_QUALIFIERS)
]
_IRIS = [proposition.iri for proposition in PROPOSITIONS]
_CLAIMS = [f"c{n}" for n in range(8)]
_DAYS = ["", "2017-01-22", "2017-01-23"]


def _some(values: list[str], most: int = 2) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=most)


def claims(iri: str, stances: list[Stance] | None = None) -> st.SearchStrategy[Claim]:
    """Any claim, meaningful or not: derivation must cope with all."""
    return st.builds(
        Claim,
        iri=st.just(iri),
        claimant=st.sampled_from(ACTORS),
        stance=st.sampled_from(stances or list(Stance)),
        propositions=_some(_IRIS),
        relays=_some(_CLAIMS, 1),
        responds_to=_some(_CLAIMS, 1),
        replaces=_some(_CLAIMS, 1),
        attributed_to=_some(ACTORS, 1),
        attributed_stance=st.none() | st.sampled_from([Stance.ASSERTS, Stance.DENIES, Stance.DOUBTS]),
        root_stated=st.booleans(),
        relation=st.sampled_from(["", "author", "self-report"]),
        actual=st.booleans(),
        claimed_on=st.sampled_from(_DAYS),
    )


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Up to eight claims on a fixed set of propositions, some of which contradict each other."""
    propositions = {p.iri: replace(p, contradicts=draw(_some(_IRIS, 1)) - {p.iri}) for p in PROPOSITIONS}
    said = [draw(claims(iri)) for iri in draw(st.lists(st.sampled_from(_CLAIMS), unique=True))]
    kinds = {"agency": frozenset({"MediaOutlet"}), "ministry": frozenset({"GovernmentBody"})}
    return Book(propositions, {claim.iri: claim for claim in said}, kinds)


def with_claim(book: Book, *more: Claim) -> Book:
    """The book with claims added."""
    return replace(book, claims={**book.claims, **{claim.iri: claim for claim in more}})
