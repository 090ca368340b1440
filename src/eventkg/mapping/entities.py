"""Entities compiled: those of a row are written with it, shared ones when they first come up."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from eventkg.errors import SourceError
from eventkg.mapping.faults import RowFault
from eventkg.mapping.operations import SUBJECT, Scope, coded, operation, resolved, when
from eventkg.mapping.templates import compiled, compiled_iri, split
from eventkg.mapping.terms import iri
from eventkg.model.naming import SKOS
from eventkg.sources.rules import Coded, Referred, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventkg.mapping.operations import Operation
    from eventkg.mapping.templates import Template
    from eventkg.sources.rules import Entity, Statements

    Iris = tuple[str, ...]


class Things:
    """All entities of a source, compiled when they are first needed; `file` is the imported file."""

    def __init__(self, rules: Mapping[str, Entity], record: str, file: str, scope: Scope) -> None:
        self._rules, self._record, self._scope = rules, record, scope
        self._file = (file,)
        self._made: dict[str, Own | Shared] = {}
        self._making: list[str] = []
        self.referred: set[str] = set()

    @property
    def first(self) -> str:
        """The entity that a row is about."""
        return next(iter(self._rules))

    def of_row(self) -> list[Own]:
        """The entities that each row has of its own."""
        return [thing for name in self._rules if isinstance(thing := self[name], Own)]

    def unreferred(self) -> list[Shared]:
        """Shared entities that no statement names."""
        return [
            thing
            for name in self._rules
            if isinstance(thing := self[name], Shared) and name not in self.referred
        ]

    def __getitem__(self, name: str) -> Own | Shared:
        """An entity, compiled.

        Raises:
            SourceError: entities name each other in a circle.

        """
        if name not in self._made:
            if name in self._making:
                raise SourceError(f"entities {' → '.join([*self._making, name])}: a circle found")
            self._making.append(name)
            self._made[name] = self._compile(self._rules[name])
            self._making.pop()
        return self._made[name]

    def _compile(self, rule: Entity) -> Own | Shared:
        if self._record in columns_of(rule.id) and not rule.each:
            scope = self._scope
            constant, by_row = _types(rule, scope)
            days = [when(rule.when, scope)] if rule.when else []
            operations = [*by_row, *self.operations(rule.statements), *days]
            name = compiled_iri(rule.id, scope.columns, scope.prefixes)
            return Own(name, constant, operations, named=_has_names(rule))
        return Shared(rule, self._scope, self.operations(rule.statements), self._needed(rule))

    def operations(self, statements: Statements) -> list[Operation]:
        """Declared statements as functions of a row's cells."""
        return [
            self._reference(predicate, value)
            if isinstance(value, Referred)
            else operation(predicate, value, self._scope)
            for predicate, value in statements
        ]

    def _reference(self, predicate: str, value: Referred) -> Operation:
        self.referred |= set(value.entities)
        finders = [(lambda _: self._file) if name == "file" else self[name].iris for name in value.entities]
        start, end = self._scope.start(predicate), self._scope.end

        def refer(cells: Sequence[str]) -> str:
            for find in finders:
                if found := find(cells):
                    return start + f"{end}{start}".join(found) + end
            return ""

        return refer

    def _needed(self, rule: Entity) -> list[str]:
        """The columns that decide what is said of an entity: its own, and those of entities that it names."""
        found = dict.fromkeys(rule.columns())
        for name in rule.referred():
            if name != "file":
                found.update(dict.fromkeys(self._needed(self._rules[name])))
        return list(found)


def _types(rule: Entity, scope: Scope) -> tuple[str, list[Operation]]:
    """(statements that are always the same, those that depend on the row)."""
    if isinstance(rule.types, Coded):
        return "", [coded(columns_of(rule.types.template)[0], rule.types.lookup, scope)]
    return "".join(scope.says("rdf:type", iri(name, scope.prefixes)) for name in rule.types), []


def _about(subject: str, said: str, *, named: bool) -> str:
    """What is said, of a subject; another name that is the preferred one is none."""
    if named:
        lines = said.splitlines(keepends=True)
        preferred = {line.replace(_PREFERRED, _OTHER, 1) for line in lines if line.startswith(_PREFERRED)}
        said = "".join(line for line in lines if line not in preferred)
    return said.replace(SUBJECT, subject)


def _has_names(rule: Entity) -> bool:
    return {"skos:prefLabel", "skos:altLabel"} <= {name for name, _ in rule.statements}


_PREFERRED, _OTHER = f"{SUBJECT} <{SKOS}prefLabel> ", f"{SUBJECT} <{SKOS}altLabel> "


_REMEMBERED = 100_000  # shared things: a thing that is forgotten is written again when it comes up again


class Own:
    """A thing whose IRI is made of the row's key; `constant` is said of it in every row."""

    def __init__(self, name: Template, constant: str, operations: list[Operation], *, named: bool) -> None:
        self._id, self.constant, self.operations, self._named = name, constant, operations, named

    def iris(self, cells: Sequence[str]) -> Iris:
        """Its IRI in a tuple; none where the key is empty."""
        found = self._id.fill(self._id.get(cells))
        return (found,) if found else ()

    def lines(self, cells: Sequence[str]) -> str:
        """Its statements."""
        said = self.constant + "".join([make(cells) for make in self.operations])
        return _about(self._id.fill(self._id.get(cells)), said, named=self._named)


class Shared:
    """An entity that several rows may have; its statements go aside when it first comes up."""

    def __init__(self, rule: Entity, scope: Scope, operations: list[Operation], needed: list[str]) -> None:
        self._rule, self._scope, self._named = rule, scope, _has_names(rule)
        self._id = compiled_iri(rule.id, scope.columns, scope.prefixes)
        self._constant, by_row = _types(rule, scope)
        days = [when(rule.when, scope)] if rule.when else []
        self._operations = [*by_row, *operations, *days]
        self._text = compiled(rule.links[0], scope.columns) if rule.links else None
        self._get = itemgetter(*(scope.columns[name] for name in needed)) if needed else lambda _: ()
        self._known: dict[Any, Iris] = {}

    def iris(self, cells: Sequence[str]) -> Iris:
        """Its IRI, or the IRIs of each; none where a cell of the id is empty."""
        if not self._rule.each:
            return self._one(cells)
        return tuple(dict.fromkeys(thing for one in self._elements(cells) for thing in self._one(one)))

    def _one(self, cells: Sequence[str]) -> Iris:
        key = self._get(cells)
        known = self._known.get(key)
        return self._first(key, cells) if known is None else known

    def _first(self, key: Any, cells: Sequence[str]) -> Iris:  # noqa: ANN401  (one cell or a tuple of them)
        described = self._described(cells)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[key] = iris = tuple(dict.fromkeys([thing for thing, _ in described]))
        self._scope.aside.append((self._known, key, "".join([about for _, about in described])))
        return iris

    def _elements(self, cells: Sequence[str]) -> Iterator[list[str]]:
        """The row once for each element of its lists."""
        each = self._rule.each
        assert each is not None  # noqa: S101  (asked before)
        indexes = [self._scope.columns[name] for name in each.columns]
        lists = [split(cells[index], each.split) for index in indexes]
        if len({len(elements) for elements in lists}) > 1:
            lengths = ", ".join(str(len(elements)) for elements in lists)
            shown = " | ".join(cells[index] for index in indexes)
            raise RowFault(
                ", ".join(each.columns), shown, f"lists of {lengths} elements, equally many expected"
            )
        one = list(cells)
        for elements in zip(*lists, strict=True):
            for index, element in zip(indexes, elements, strict=True):
                one[index] = element
            yield one

    def _described(self, cells: Sequence[str]) -> list[tuple[str, str]]:
        """(IRI, statements): what reviewed links say, else the source's own."""
        if self._text and self._rule.links:
            links = self._scope.links[self._rule.links[1]]
            text = " ".join(self._text.fill(self._text.get(cells)).split())
            if text in links:
                kind = "ekg:Actor" if isinstance(self._rule.types, Coded) else self._rule.types[0]
                return resolved(text, links, kind, self._scope)
        found = self._id.fill(self._id.get(cells))
        if not found:
            return []
        said = self._constant + "".join([make(cells) for make in self._operations])
        return [(found, _about(found, said, named=self._named))]
