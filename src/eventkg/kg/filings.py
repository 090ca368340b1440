"""Files of claims: YAML, which names its document's text, or RDF, which is given the texts beside it."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from eventkg.errors import DataError, UsageError
from eventkg.kg import recorded
from eventkg.kg.files import parse_files
from eventkg.mapping.claimfile import Filed, Text, declared_by, document_of, read_claims, text_file
from eventkg.mapping.lexicon import Triple
from eventkg.mapping.naming import tail
from eventkg.mapping.nearest import nearest
from eventkg.model.naming import BASE, EKG, KINDS, RDF, shorten
from eventkg.sources.located import Problem, ProblemsError, read_located
from eventkg.store.files import FORMATS
from eventkg.store.terms import text, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from eventkg.kg.lexicon import StoreLexicon
    from eventkg.settings import Limits

MAX_TEXT = 20_000_000  # bytes of a document's text
_YAML = (".yml", ".yaml")
_PREFIX = re.compile(r"^\s*@?prefix\s+([^\s:]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_TYPE, _FOUND_IN = f"{RDF}type", ox.NamedNode(f"{EKG}foundIn")
_SAID = {ox.NamedNode(EKG + name) for name in ("Claim", "Proposition", "EquipmentCount")}


class Filing(Protocol):
    """A file to be added: the documents it is about, the things it declares, and its statements."""

    path: Path
    documents: frozenset[str]
    declared: frozenset[str]
    unverified: int

    def read(self, lexicon: StoreLexicon) -> Filed:
        """Its statements, its names resolved against a store."""


def filings_of(files: Iterable[Path], texts: Iterable[Path], limits: Limits) -> list[Filing]:
    """Open files by extension.

    Raises:
        UsageError: an extension that is neither YAML's nor RDF's. ProblemsError, DataError: malformed.

    """
    given = {each.sha256: each for each in map(_text, texts)}
    return [_YamlFiling(path) if _is_yaml(path) else _RdfFiling(path, given, limits) for path in files]


def read_text(path: Path) -> tuple[str, bytes]:
    """The characters of a file, none of them changed, and its bytes."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_TEXT + 1)
        if len(content) > MAX_TEXT:
            raise DataError(f"{path}: more than {MAX_TEXT:,} bytes found")
        return content.decode("utf-8"), content
    except UnicodeDecodeError as problem:
        raise DataError(f"{path}: byte {problem.start} is not UTF-8; a text in UTF-8 expected") from problem
    except OSError as problem:
        raise DataError(f"{path}: {problem.strerror}") from problem


def _text(path: Path) -> Text:
    characters, content = read_text(path)
    return Text(str(path), characters, hashlib.sha256(content).hexdigest())


def _is_yaml(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix not in {*_YAML, *FORMATS}:
        expected = " ".join((*_YAML, *FORMATS))
        raise UsageError(f"{path}: extension {suffix or '(none)'} found, one of {expected} expected")
    return suffix in _YAML


class _YamlFiling:
    unverified = 0  # a quotation that is not in the text is refused

    def __init__(self, path: Path) -> None:
        self.path = path
        self._found = read_located(read_text(path)[0], str(path))
        name = text_file(self._found)
        self._text = _text(path.parent / name) if name else None
        self.documents = frozenset({document_of(self._found)})
        self.declared = declared_by(self._found)
        for iri in self.documents | self.declared:
            self._check_iri(iri)

    def _check_iri(self, iri: str) -> None:
        try:
            ox.NamedNode(iri)
        except ValueError as problem:
            line = self._found.line(("document", "id") if iri in self.documents else ("new",))
            found = f"{iri!r} found, a name or an IRI expected ({problem})"
            raise ProblemsError(str(self.path), [Problem(line, found)]) from problem

    def read(self, lexicon: StoreLexicon) -> Filed:
        return read_claims(self._found, self._text, lexicon)


class _RdfFiling:
    def __init__(self, path: Path, texts: dict[str, Text], limits: Limits) -> None:
        self.path, self._texts = path, texts
        self._store = ox.Store()
        self._store.extend(parse_files([path], limits))
        self._lines = _Lines(read_text(path)[0])
        things = list(self._described())
        documents = {text(quad.object) for quad in self._quads(_FOUND_IN)}
        self.documents = frozenset(documents)
        self.declared = frozenset(iri for iri, cls in things if cls not in _SAID) - documents
        self.unverified = sum(1 for claim in self._quoting() if self._text_of(claim) is None)

    def read(self, lexicon: StoreLexicon) -> Filed:
        problems = [*self._unknown(lexicon), *self._misquoted()]
        if problems:
            raise ProblemsError(str(self.path), problems)
        things = dict(self._described())
        claims = recorded.claims_in(self._store)
        triples = (Triple(text(q.subject), q.predicate.value, to_value(q.object)) for q in self._store)
        lines = {iri: self._lines.of(iri) for iri in things}
        return Filed("", tuple(sorted(claims)), frozenset(triples), lines)

    def _described(self) -> Iterator[tuple[str, object]]:
        for quad in self._quads(ox.NamedNode(_TYPE)):
            if not isinstance(quad.subject, ox.NamedNode):
                raise DataError(f"{self.path}: a blank node found, IRIs expected")
            yield quad.subject.value, quad.object

    def _quads(self, predicate: ox.NamedNode) -> Iterator[ox.Quad]:
        return self._store.quads_for_pattern(None, predicate, None, None)

    def _unknown(self, lexicon: StoreLexicon) -> Iterator[Problem]:
        """Things of ours that neither the file nor the store describes: nothing is made up."""
        here = {iri for iri, _ in self._described()}
        for quad in sorted(self._store, key=str):
            iri = text(quad.object)
            kind = iri.removeprefix(f"{BASE}id/").partition("/")[0]
            if not iri.startswith(f"{BASE}id/") or kind not in KINDS or iri.endswith("/geometry"):
                continue
            if iri not in here and not lexicon.is_described(iri):
                names = lexicon.names(kind)
                near = dict.fromkeys(names[name] for name in nearest(tail(iri), names))
                hint = f"; did you mean {' or '.join(near)}?" if near else ""
                found = f"{shorten(iri)} found, which neither this file nor the store describes{hint}"
                yield Problem(self._lines.of(text(quad.subject)), found)

    def _misquoted(self) -> Iterator[Problem]:
        for claim in self._quoting():
            document = self._text_of(claim)
            start, end = (self._value(claim, name) for name in ("quoteStart", "quoteEnd"))
            if document is None or not (start.isdecimal() and end.isdecimal()):  # the shapes ask for both
                continue
            there, said = document.characters[int(start) : int(end)], self._value(claim, "quotation")
            if there != said:
                found = f"{shorten(claim)}: {there[:60]!r} found at {start} to {end}, {said[:60]!r} expected"
                yield Problem(self._lines.of(claim), found)

    def _quoting(self) -> list[str]:
        return sorted(text(quad.subject) for quad in self._quads(ox.NamedNode(f"{EKG}quotation")))

    def _text_of(self, claim: str) -> Text | None:
        """The text given whose sum is that of a document in which the claim is found."""
        documents = self._store.quads_for_pattern(ox.NamedNode(claim), _FOUND_IN, None, None)
        sums = (self._value(text(quad.object), "sha256") for quad in documents)
        return next((self._texts[each] for each in sums if each in self._texts), None)

    def _value(self, node: str, name: str) -> str:
        quads = self._store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(EKG + name), None, None)
        return min((text(quad.object) for quad in quads), default="")


class _Lines:
    """Where a thing is described in a text of RDF: the first line that begins with its name."""

    def __init__(self, characters: str) -> None:
        self._characters = characters
        self._prefixes = _PREFIX.findall(characters)

    def of(self, iri: str) -> int:
        own = [f"{name}:{iri.removeprefix(start)}" for name, start in self._prefixes if iri.startswith(start)]
        names = "|".join(re.escape(name) for name in (shorten(iri), f"<{iri}>", *own))
        found = re.search(rf"^\s*(?:{names})(?=\s)", self._characters, re.MULTILINE)
        return self._characters.count("\n", 0, found.end()) + 1 if found else 1
