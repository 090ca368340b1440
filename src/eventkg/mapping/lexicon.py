"""What a claims file may refer to: the words of the ontology, and the things that a store knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventkg.model.claim import Proposition, Value


class Triple(NamedTuple):
    """A statement to be stored."""

    subject: str
    predicate: str
    object: Value


class Attribute(NamedTuple):
    """A property that may be claimed.

    `about` are the kinds of thing (event, actor, place) that it may be claimed of. Its values are things of
    `kinds`, or codes if `coded`, or literals: of `datatype` (an IRI), else of text in a language.
    """

    iri: str
    about: tuple[str, ...]
    kinds: tuple[str, ...]
    coded: bool
    datatype: str


class Lexicon(Protocol):
    """A store as the reader of a claims file sees it."""

    @property
    def attributes(self) -> Mapping[str, Attribute]:
        """Properties that may be claimed, by local name."""

    @property
    def classes(self) -> Mapping[str, frozenset[str]]:
        """The local names of classes by kind of thing: actor, place, equipment, event, series."""

    def codes(self, scheme: str) -> Iterable[str]:
        """The codes of a list, without its IRI."""

    def is_described(self, iri: str) -> bool:
        """Whether the store says what this is."""

    def names(self, kind: str) -> Mapping[str, str]:
        """What things of a kind are called (slugs and labels) to their slugs; for an error that helps."""

    def sha256(self, document: str) -> str:
        """The sum of a document's text, empty where the store has none."""

    def same(self, proposition: Proposition) -> str:
        """The IRI of a proposition with this content, whatever its name; empty where there is none."""
