"""A claims file to statements: who says what in one document, in the words of the model."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from eventkg.mapping import things
from eventkg.mapping.claimschema import check_schema
from eventkg.mapping.lexicon import Triple
from eventkg.mapping.naming import Names, WrongError, iri_of, tail
from eventkg.mapping.propositions import Propositions
from eventkg.mapping.quotations import NotFoundError, locate
from eventkg.mapping.values import day, listed, plain, worded
from eventkg.model.claim import Value
from eventkg.model.naming import CODE, EKG, PREFIXES, RDF, XSD
from eventkg.sources.located import Problem, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.mapping.lexicon import Lexicon
    from eventkg.sources.located import Located, Path

_LANGUAGE = "en"
_ACTORS = {"claimant": ("actor",), "spokenBy": ("actor",), "attributedTo": ("actor",)}
_CLAIMS = ("respondsTo", "relays", "corrects", "supersedes", "precedes")
_DAYS = ("claimedOn", "claimedNotAfter", "recordedOn", "heldAsOf")
_TEXTS = ("claimantAsStated", "dateAsStated", "record")
_CODES = {"claimantRelation": "claimant-relation", "rootStatus": "root-status", "modality": "modality"}
_MENTIONED = ("actor", "place", "event", "equipment", "series")
_EITHER = (
    ("claimedOn", "claimedNotAfter"),
)  # a claim's own word for the one puts aside a default for the other


class Text(NamedTuple):
    """A document's text: the name of its file, its characters, and the sha256 of its bytes."""

    file: str
    characters: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Filed:
    """What a claims file comes to: its document, the statements to be stored, and where each thing stands.

    `lines` maps the IRIs of claims, propositions and new things to lines of the file.
    """

    document: str
    claims: tuple[str, ...]
    triples: frozenset[Triple]
    lines: dict[str, int]


def text_file(found: Located) -> str:
    """The name of the file that holds the document's text, empty where none is given; checks the schema.

    Raises:
        ProblemsError: the file is not as the schema has it.

    """
    check_schema(found)
    data: Any = found.data
    return str(data["document"].get("text", ""))


def document_of(found: Located) -> str:
    """The IRI of the document that a checked file is about."""
    data: Any = found.data
    return iri_of("document", data["document"]["id"])


def declared_by(found: Located) -> frozenset[str]:
    """The IRIs of the things that a checked file declares as new."""
    data: Any = found.data
    return frozenset(iri_of(kind, name) for kind, name, _ in things.declared(data.get("new", {})))


def read_claims(found: Located, text: Text | None, lexicon: Lexicon) -> Filed:
    """A file that `text_file` has checked, as statements.

    Raises:
        ProblemsError: every value that cannot be taken: names nobody knows, quotations not in the text.

    """
    reader = _Reader(found, text, lexicon)
    filed = reader.read()
    if reader.problems:
        raise ProblemsError(found.file, reader.problems)
    return filed


class _Reader:
    """One file on its way; what is wrong is collected, so that a person can mend it all at once."""

    def __init__(self, found: Located, text: Text | None, lexicon: Lexicon) -> None:
        data: Any = found.data
        self._found, self._text, self._lexicon, self._data = found, text, lexicon, data
        self._language = str(self._data.get("language", _LANGUAGE)).lower()
        self._names = Names(lexicon)
        self._propositions = Propositions(lexicon, self._names, self._language)
        self._document = document_of(found)
        self._claims: dict[str, int] = {}
        self.problems: list[Problem] = []

    def read(self) -> Filed:
        self._names.declare(self._document)
        triples: set[Triple] = set()
        for iri in declared_by(self._found):
            self._names.declare(iri)
        for kind, name, raw in things.declared(self._data.get("new", {})):
            with self._noting():
                triples.update(things.described(kind, name, raw, self._names, self._lexicon, self._language))
        with self._noting():
            triples.update(self._about_document())
        self._declare_claims()
        for name, raw in self._data.get("propositions", {}).items():
            with self._noting():
                self._propositions.declare(name, raw, ("propositions", name))
        for index, raw in enumerate(self._data["claims"]):
            with self._noting():
                triples.update(self._claim(raw, ("claims", index)))
        with self._noting():
            self._propositions.contradict()
        self._note_unsaid()
        return Filed(
            self._document,
            tuple(self._claims),
            frozenset(triples | self._propositions.triples),
            self._lines(),
        )

    def _lines(self) -> dict[str, int]:
        new = things.declared(self._data.get("new", {}))
        found = {iri_of(kind, name): self._found.line(("new", kind, name)) for kind, name, _ in new}
        found |= {iri: self._found.line(path) for iri, path in self._propositions.places.items()}
        return {self._document: self._found.line(("document",)), **found, **self._claims}

    def _noting(self) -> _Noting:
        return _Noting(self._found, self.problems)

    def _note_unsaid(self) -> None:
        """Only where nothing else is wrong: a claim that cannot be read says nothing."""
        for path in () if self.problems else self._propositions.unsaid():
            self.problems.append(
                Problem(self._found.line(path), "a proposition found that no claim of this file names")
            )

    def _about_document(self) -> Iterator[Triple]:
        raw, path = self._data["document"], ("document",)
        described = self._lexicon.is_described(self._document)
        if "title" not in raw and not described:
            known = f"{raw['id']!r} found, which the store does not know"
            raise WrongError(
                (*path, "id"), f"{known}; title expected as well, or the name of a known document"
            )
        yield from self._sums(raw, path)
        if "title" in raw:
            yield from things.document(self._document, raw, self._names, self._language)

    def _sums(self, raw: dict[str, Any], path: Path) -> Iterator[Triple]:
        if self._text is None:
            return
        said = raw.get("sha256", "") or self._lexicon.sha256(self._document)
        if said and said != self._text.sha256:
            raise WrongError(
                (*path, "text"),
                f"{self._text.file}: a text with the sha256 {self._text.sha256} found, {said} expected",
            )
        yield Triple(self._document, f"{EKG}sha256", plain(self._text.sha256))
        length = str(len(self._text.characters))
        yield Triple(self._document, f"{EKG}textLength", Value(length, f"{XSD}integer"))

    def _declare_claims(self) -> None:
        """Names first, so that a claim may answer one further down."""
        for index, raw in enumerate(self._data["claims"]):
            if "id" in raw:
                iri = iri_of("claim", raw["id"])
                with self._noting():
                    self._check_new(iri, ("claims", index, "id"))
                    self._names.declare(iri)

    def _check_new(self, iri: str, path: Path) -> None:
        line = self._found.line(path)
        if iri in self._claims:
            raise WrongError(
                path, f"the same claim as on line {self._claims[iri]} found; another id expected"
            )
        self._claims[iri] = line

    def _claim(self, own: dict[str, Any], path: Path) -> list[Triple]:
        raw = self._with_defaults(own)
        if "claimant" not in raw:
            raise WrongError(path, "claimant missing, here and under defaults")
        said = list(self._content(raw, path))
        if not said:
            raise WrongError(path, "propositions missing: what is it that is said?")
        pairs = [*said, *self._attributes(raw, path), *self._quotation(raw, path)]
        iri = self._name(raw, pairs, path)
        return [Triple(iri, f"{RDF}type", Value(f"{EKG}Claim")), *(Triple(iri, *pair) for pair in pairs)]

    def _with_defaults(self, own: dict[str, Any]) -> dict[str, Any]:
        defaults = dict(self._data.get("defaults", {}))
        for pair in _EITHER:
            if set(pair) & own.keys():
                for name in pair:
                    defaults.pop(name, None)
        return {**defaults, **own}

    def _name(self, raw: dict[str, Any], pairs: list[tuple[str, Value]], path: Path) -> str:
        """Its own, or one made of what it says: the same claim has the same name whenever it is read."""
        if "id" in raw:
            return iri_of("claim", raw["id"])
        said = repr(sorted(pairs)).encode()
        parts = (tail(self._document), tail(iri_of("actor", raw["claimant"])), raw["stance"])
        iri = iri_of("claim", "-".join((*parts, hashlib.sha256(said).hexdigest()[:8])))
        self._check_new(iri, path)
        return iri

    def _content(self, raw: dict[str, Any], path: Path) -> Iterator[tuple[str, Value]]:
        for index, each in enumerate(raw.get("propositions", ())):
            for iri in self._propositions.said(each, (*path, "propositions", index)):
                yield f"{EKG}proposition", Value(iri)
        for name in listed(raw.get("conveys", [])):
            yield f"{EKG}conveys", Value(self._names.known(name, ("event",), (*path, "conveys")))
        for key in _CLAIMS:
            for name in listed(raw.get(key, [])):
                yield EKG + key, Value(self._names.known(name, ("claim",), (*path, key)))

    def _attributes(self, raw: dict[str, Any], path: Path) -> Iterator[tuple[str, Value]]:
        yield f"{EKG}stance", Value(EKG + raw["stance"].capitalize())
        if "attributedStance" in raw:
            yield f"{EKG}attributedStance", Value(EKG + raw["attributedStance"].capitalize())
        yield f"{EKG}foundIn", Value(self._document)
        for key, kinds in {**_ACTORS, "foundIn": ("document",)}.items():
            for name in listed(raw.get(key, [])):
                yield EKG + key, Value(self._names.known(name, kinds, (*path, key)))
        for name in listed(raw.get("mentions", [])):
            yield (
                f"{PREFIXES['schema']}mentions",
                Value(self._names.known(name, _MENTIONED, (*path, "mentions"))),
            )
        for key, scheme in _CODES.items():
            if key in raw:
                yield EKG + key, Value(f"{CODE}{scheme}/{raw[key]}")
        yield from self._words(raw, path)

    def _words(self, raw: dict[str, Any], path: Path) -> Iterator[tuple[str, Value]]:
        for key in _DAYS:
            if key in raw:
                yield EKG + key, day(raw[key], (*path, key))
        for key in _TEXTS:
            if key in raw:
                yield EKG + key, plain(raw[key])
        if "interpretation" in raw:
            yield f"{EKG}interpretation", worded(raw["interpretation"], self._language)

    def _quotation(self, raw: dict[str, Any], path: Path) -> Iterator[tuple[str, Value]]:
        if "quotation" not in raw:
            if raw.keys() & {"quoteStart", "quoteEnd"}:
                raise WrongError(path, "quoteStart or quoteEnd found without a quotation")
            return
        where = (*path, "quotation")
        if self._text is None:
            raise WrongError(
                where, "a quotation found, but no text to look it up in: document: text: FILE expected"
            )
        start, end = (int(raw[key]) if key in raw else None for key in ("quoteStart", "quoteEnd"))
        try:
            quoted = locate(raw["quotation"], self._text.characters, start, end)
        except NotFoundError as problem:
            raise WrongError(where, f"quotation: {problem}") from problem
        yield f"{EKG}quotation", plain(quoted.words)
        yield f"{EKG}quoteStart", Value(str(quoted.start), f"{XSD}integer")
        yield f"{EKG}quoteEnd", Value(str(quoted.end), f"{XSD}integer")


class _Noting:
    """What a block finds wrong becomes a line of the report."""

    def __init__(self, found: Located, problems: list[Problem]) -> None:
        self._found, self._problems = found, problems

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, problem: BaseException | None, __: object) -> bool:
        if isinstance(problem, WrongError):
            self._problems.append(Problem(self._found.line(problem.path), str(problem)))
            return True
        return False
