"""Propositions of a claims file: read, recognised in the store, named, and written as statements."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from eventkg.mapping.lexicon import Attribute, Triple
from eventkg.mapping.naming import WrongError, iri_of, tail
from eventkg.mapping.nearest import expected
from eventkg.mapping.values import day, listed, number, worded
from eventkg.model.claim import Proposition, Statement, Value
from eventkg.model.naming import CODE, EKG, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.mapping.lexicon import Lexicon
    from eventkg.mapping.naming import Names
    from eventkg.sources.located import Path

_DETAILS = ("about", "count", "ordinal", "equipment", "contradicts")
_SAID_ON_A_DAY = ("date", "earliestStart", "latestEnd")
_KINDS = ("event", "actor", "place")
_LONGEST = 60  # characters of the value in a name
_TYPE = Attribute(f"{RDF}type", ("event",), (), coded=False, datatype="")


class Propositions:
    """All propositions of one file; each is known by its IRI once it has been read."""

    def __init__(self, lexicon: Lexicon, names: Names, language: str) -> None:
        self._lexicon, self._names, self._language = lexicon, names, language
        self._named: dict[str, str] = {}
        self._here: dict[tuple[Statement, frozenset[tuple[str, str]]], str] = {}
        self.places: dict[str, Path] = {}  # where each stands first
        self._against: list[tuple[str, dict[str, Any], Path]] = []
        self._said: set[str] = set()
        self.triples: set[Triple] = set()

    def declare(self, name: str, raw: dict[str, Any], path: Path) -> None:
        """A proposition with a name of its own.

        Raises:
            WrongError: none or several statements, or one of its values cannot be taken.

        """
        found = list(self._read(raw, path))
        if len(found) != 1:
            raise WrongError(path, f"{name}: {len(found)} attributes found, exactly 1 expected")
        self._named[name] = self._keep(found[0], path, iri_of("proposition", name))
        self._note_contradictions(self._named[name], raw, path)

    def said(self, raw: str | dict[str, Any], path: Path) -> list[str]:
        """The IRIs of what a claim names or spells out.

        Raises:
            WrongError: no such proposition, or one of its values cannot be taken.

        """
        found = self._referred(raw, path)
        self._said.update(found)
        return found

    def contradict(self) -> None:
        """Write the contradictions, in both directions; to be called when all propositions are known.

        Raises:
            WrongError: what is contradicted is not there, or is the proposition itself.

        """
        for iri, raw, path in self._against:
            for rival in self._referred(raw["with"], (*path, "with")):
                if rival == iri:
                    raise WrongError(path, "a proposition that contradicts itself found")
                basis = Value(f"{CODE}contradiction-basis/{raw['basis']}")
                for one, other in ((iri, rival), (rival, iri)):
                    self.triples.add(Triple(one, f"{EKG}contradicts", Value(other)))
                    self.triples.add(Triple(one, f"{EKG}contradictionBasis", basis))

    def unsaid(self) -> Iterator[Path]:
        """Where a new proposition stands that no claim of the file takes a stance on."""
        for iri, path in self.places.items():
            if iri not in self._said and not self._lexicon.is_described(iri):
                yield path

    def _referred(self, raw: str | dict[str, Any], path: Path) -> list[str]:
        if isinstance(raw, str):
            return [self._named[raw] if raw in self._named else self._stored(raw, path)]
        found = [self._keep(proposition, path) for proposition in self._read(raw, path)]
        if raw.get("contradicts"):
            self._check_single(found, path, "contradicts")
            self._note_contradictions(found[0], raw, path)
        return found

    def _stored(self, name: str, path: Path) -> str:
        if self._named and not self._lexicon.is_described(iri_of("proposition", name)):
            raise WrongError(path, expected(name, self._named, "a proposition of this file or of the store"))
        return self._names.known(name, ("proposition",), path)

    def _note_contradictions(self, iri: str, raw: dict[str, Any], path: Path) -> None:
        for index, each in enumerate(raw.get("contradicts", ())):
            self._against.append((iri, each, (*path, "contradicts", index)))

    def _read(self, raw: dict[str, Any], path: Path) -> Iterator[Proposition]:
        """What a mapping says: one statement for each attribute and value, with the details if it is one."""
        said = list(self._spelled_out(raw))
        about = self._about(raw, [name for name, _, _ in said], path)
        found = [
            Statement(about, self._attribute(name).iri, self._value(name, value, (*path, key)))
            for name, value, key in said
        ]
        if not found:
            raise WrongError(path, "about alone found, an attribute such as performedBy expected")
        qualifiers = frozenset(self._qualifiers(raw, path))
        if qualifiers:
            self._check_single(found, path, "count, ordinal or equipment")
        yield from (Proposition("", statement, qualifiers) for statement in found)

    def _check_single(self, found: list[Any], path: Path, what: str) -> None:
        if len(found) != 1:
            raise WrongError(path, f"{what} of {len(found)} statements at once found, one statement expected")

    def _spelled_out(self, raw: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
        """(attribute, value, the key that stands in the file); `day` is short for four attributes."""
        for key, value in raw.items():
            if key == "day":
                yield from ((name, value, key) for name in _SAID_ON_A_DAY)
                yield "datePrecision", "day", key
            elif key not in _DETAILS:
                yield from ((key, each, key) for each in listed(value))

    def _attribute(self, name: str) -> Attribute:
        return _TYPE if name == "type" else self._lexicon.attributes[name]

    def _about(self, raw: dict[str, Any], attributes: list[str], path: Path) -> str:
        """An event unless an attribute is of actors or places."""
        kinds = list(_KINDS)
        for name in attributes:
            allowed = self._attribute(name).about
            kinds = [kind for kind in kinds if not allowed or kind in allowed]
        if not kinds:
            raise WrongError(path, f"{', '.join(attributes)} found, attributes of one kind of thing expected")
        return self._names.known(raw["about"], tuple(kinds), (*path, "about"))

    def _value(self, name: str, raw: Any, path: Path) -> Value:  # noqa: ANN401  (what the schema lets through)
        attribute = self._attribute(name)
        if name == "type":
            return Value(EKG + self._class(str(raw), path))
        if attribute.coded:
            return Value(self._names.code(name, str(raw), path))
        if attribute.kinds:
            return Value(self._names.known(str(raw), attribute.kinds, path))
        if attribute.datatype == f"{XSD}date":
            return day(str(raw), path)
        if attribute.datatype == f"{XSD}string" and isinstance(raw, str):
            return Value(raw, attribute.datatype)
        return number(raw, attribute.datatype) if attribute.datatype else worded(raw, self._language)

    def _class(self, name: str, path: Path) -> str:
        local = name.removeprefix("ekg:").removeprefix(EKG)
        if local not in self._lexicon.classes["event"]:
            raise WrongError(
                path, f"type: {expected(local, self._lexicon.classes['event'], 'a kind of event')}"
            )
        return local

    def _qualifiers(self, raw: dict[str, Any], path: Path) -> Iterator[tuple[str, str]]:
        for name in ("count", "ordinal"):
            if name in raw:
                yield name, str(int(raw[name]))
        for kind, count in raw.get("equipment", {}).items():
            iri = self._names.known(kind, ("equipment",), (*path, "equipment", kind))
            yield "equipment", f"{int(count)} {iri}"

    def _keep(self, proposition: Proposition, path: Path, wanted: str = "") -> str:
        """Its IRI: that of the same content, in this file or in the store, else a new one."""
        content = (proposition.statement, proposition.qualifiers)
        if content in self._here:
            return self._here[content]
        stored = self._lexicon.same(proposition)
        if wanted and not stored and self._lexicon.is_described(wanted):
            raise WrongError(
                path, f"{tail(wanted)!r} found, which the store has for something else; a new name expected"
            )
        iri = stored or wanted or self._minted(proposition)
        self._here[content] = iri
        self.places.setdefault(iri, path)
        if not stored:
            self.triples.update(_triples(replace(proposition, iri=iri)))
        return iri

    def _minted(self, proposition: Proposition) -> str:
        """Named after what it says; with a few digits of its content where that is not all, or taken."""
        about, predicate, value = proposition.statement
        local = "is" if predicate == f"{RDF}type" else _kebab(tail(predicate))
        said = _kebab(value.text if value.datatype else tail(value.text))[:_LONGEST].strip("-")
        name = "-".join(filter(None, (tail(about), local, said)))
        plain = not value.language and not proposition.qualifiers
        iri = iri_of("proposition", name if plain else f"{name}-{_digits(proposition)}")
        taken = iri in self._here.values() or self._lexicon.is_described(iri)
        return iri_of("proposition", f"{name}-{_digits(proposition)}") if taken else iri


def _digits(proposition: Proposition) -> str:
    content = repr((tuple(proposition.statement), sorted(proposition.qualifiers)))
    return hashlib.sha256(content.encode()).hexdigest()[:8]


def _kebab(name: str) -> str:
    """`performedBy` as `performed-by`; what is no letter or digit becomes a hyphen."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
    return re.sub(r"[^a-z0-9]+", "-", spaced).strip("-")


def _triples(proposition: Proposition) -> Iterator[Triple]:
    iri, (about, predicate, value) = proposition.iri, proposition.statement
    yield Triple(iri, f"{RDF}type", Value(f"{EKG}Proposition"))
    yield Triple(iri, f"{EKG}about", Value(about))
    yield Triple(iri, f"{EKG}predicate", Value(predicate))
    yield Triple(iri, EKG + ("value" if value.datatype else "object"), value)
    parts: dict[str, list[str]] = defaultdict(list)
    for name, text in sorted(proposition.qualifiers):
        parts[name].append(text)
    for name in ("count", "ordinal"):
        for text in parts[name]:
            yield Triple(iri, EKG + name, Value(text, f"{XSD}integer"))
    counted = sorted((part.split(" ", 1) for part in parts["equipment"]), key=lambda p: (-int(p[0]), p[1]))
    for index, (count, kind) in enumerate(counted, 1):
        node = f"{iri}/equipment/{index}"
        yield Triple(iri, f"{EKG}equipment", Value(node))
        yield Triple(node, f"{RDF}type", Value(f"{EKG}EquipmentCount"))
        yield Triple(node, f"{EKG}equipmentType", Value(kind))
        yield Triple(node, f"{EKG}count", Value(count, f"{XSD}integer"))
