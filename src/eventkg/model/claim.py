"""Claims and propositions: who says what, as plain values that derivation works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Stance(StrEnum):
    """What a speaker does to a proposition; the values are local names in the ontology."""

    ASSERTS = "Asserts"
    DENIES = "Denies"
    DOUBTS = "Doubts"
    SPECULATES = "Speculates"
    RELAYS = "Relays"
    RETRACTS = "Retracts"


class Status(StrEnum):
    """What is left of a statement when everybody has been heard; the first that fits, in this order."""

    CONTESTED = "Contested"
    CORROBORATED = "Corroborated"
    UNCONTESTED = "Uncontested"
    UNSUPPORTED = "Unsupported"


class Value(NamedTuple):
    """An RDF term as text: an IRI if `datatype` is empty, else a literal."""

    text: str
    datatype: str = ""
    language: str = ""


class Statement(NamedTuple):
    """What propositions share that differ in detail only."""

    about: str
    predicate: str
    object: Value


@dataclass(frozen=True, slots=True)
class Proposition:
    """A statement with its qualifiers (counts, equipment, ordinal), each a (name, value) pair.

    `graph` is the graph of a data set that gives it as a plain triple, empty for what is curated.
    """

    iri: str
    statement: Statement
    qualifiers: frozenset[tuple[str, str]] = frozenset()
    contradicts: frozenset[str] = frozenset()
    graph: str = ""

    def entails(self, other: Proposition) -> bool:
        """Whoever asserts this asserts the other too: the same statement with no more detail."""
        return self.statement == other.statement and other.qualifiers <= self.qualifiers


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody's stance on propositions, or on another claim; IRIs throughout."""

    iri: str
    claimant: str
    stance: Stance
    propositions: frozenset[str] = frozenset()
    relays: frozenset[str] = frozenset()
    responds_to: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()  # what it corrects or supersedes
    attributed_to: frozenset[str] = frozenset()
    attributed_stance: Stance | None = None
    root_stated: bool = True
    relation: str = ""  # the code's local name: self-report, opposing-party, third-party, aggregator, author
    actual: bool = True  # False for what is only intended or feared
    claimed_on: str = ""  # ISO date, empty where unknown
    not_after: str = ""  # the earliest day by which something shows it to have been made; for views only
    sources: frozenset[str] = frozenset()  # the graphs and data sets it stands in; for views only
    grades: frozenset[tuple[str, str]] = frozenset()  # (reliability A to F, who graded it); for views only
    documents: frozenset[str] = frozenset()
    bulk: bool = False  # a row of a data set that conveys an event as a whole
    contests: bool = True  # False for a data set that does not declare that it contests what others say


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that was said: the whole input of derivation.

    `kinds` are the local names of each actor's classes; `texts` names the text that a document has in common
    with the documents that reproduce it, by one of them; `makers` are a document's author and publisher.
    """

    propositions: dict[str, Proposition] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    kinds: dict[str, frozenset[str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    makers: dict[str, frozenset[str]] = field(default_factory=dict)
    subordinates: dict[str, frozenset[str]] = field(default_factory=dict)  # actor -> those it commands; views

    def speakers(self) -> frozenset[str]:
        """All who make a claim or to whom one is ascribed."""
        return frozenset(
            actor for claim in self.claims.values() for actor in (claim.claimant, *claim.attributed_to)
        )
