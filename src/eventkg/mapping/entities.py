"""Entities compiled: those of a row are written with it, shared ones when they first come up."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from eventkg.errors import SourceError
from eventkg.mapping.faults import RowFault
from eventkg.mapping.memo import Memo
from eventkg.mapping.operations import Scope, coded, operation, resolved, when
from eventkg.mapping.templates import compiled, compiled_iri, split
from eventkg.mapping.terms import iri
from eventkg.model.naming import SKOS
from eventkg.sources.rules import Coded, Referred, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventkg.mapping.operations import Operation, Tails
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
            return Own(rule, self._scope, self.operations(rule.statements))
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
        scope = self._scope
        self.referred |= set(value.entities)
        memo = Memo[tuple[str, ...], tuple[str, ...]](
            lambda iris: tuple(scope.tail(predicate, i) for i in iris)
        )
        finders = [(lambda _: self._file) if name == "file" else self[name].iris for name in value.entities]
        if len(finders) == 1:
            only = finders[0]
            return lambda cells: memo[only(cells)]

        def first(cells: Sequence[str]) -> Tails:
            for find in finders:
                if found := find(cells):
                    return memo[found]
            return ()

        return first

    def _needed(self, rule: Entity) -> list[str]:
        """The columns that decide what is said of an entity: its own, and those of entities that it names."""
        found = dict.fromkeys(rule.columns())
        for name in rule.referred():
            if name != "file":
                found.update(dict.fromkeys(self._needed(self._rules[name])))
        return list(found)


def _types(rule: Entity, scope: Scope) -> tuple[list[str], list[Operation]]:
    """(tails that are always the same, those that depend on the row)."""
    if isinstance(rule.types, Coded):
        return [], [coded(columns_of(rule.types.template)[0], rule.types.lookup, scope)]
    return [scope.tail("rdf:type", iri(name, scope.prefixes)) for name in rule.types], []


def _written(subject: str, tails: list[str], *, named: bool) -> str:
    """Statements of a subject; another name that is the preferred one is none."""
    if named:
        preferred = {tail.replace(_PREFERRED, _OTHER, 1) for tail in tails if tail.startswith(_PREFERRED)}
        tails = [tail for tail in tails if tail not in preferred]
    return subject.join(tails)


def _has_names(rule: Entity) -> bool:
    return {"skos:prefLabel", "skos:altLabel"} <= {name for name, _ in rule.statements}


_PREFERRED, _OTHER = f" <{SKOS}prefLabel> ", f" <{SKOS}altLabel> "


_REMEMBERED = 100_000  # shared things: a thing that is forgotten is written again when it comes up again


class Own:
    """An entity whose IRI is made of the row's key."""

    def __init__(self, rule: Entity, scope: Scope, operations: list[Operation]) -> None:
        self.name, self._named = rule.name, _has_names(rule)
        self._id = compiled_iri(rule.id, scope.columns, scope.prefixes)
        self.constant, by_row = _types(rule, scope)
        days = [when(rule.when, scope)] if rule.when else []
        self.operations = [*by_row, *operations, *days]

    def iris(self, cells: Sequence[str]) -> Iris:
        """Its IRI in a tuple; none where the key is empty."""
        found = self._id.fill(self._id.get(cells))
        return (found,) if found else ()

    def lines(self, cells: Sequence[str]) -> str:
        """Its statements."""
        found = self._id.fill(self._id.get(cells))
        tails = ["", *self.constant]
        for make in self.operations:
            tails += make(cells)
        return _written(found, tails, named=self._named)


class Shared:
    """An entity that several rows may have; its statements go aside when it first comes up."""

    def __init__(self, rule: Entity, scope: Scope, operations: list[Operation], needed: list[str]) -> None:
        self.name, self._rule, self._scope, self._named = rule.name, rule, scope, _has_names(rule)
        self._id = compiled_iri(rule.id, scope.columns, scope.prefixes)
        self._constant, by_row = _types(rule, scope)
        days = [when(rule.when, scope)] if rule.when else []
        self._operations = [*by_row, *operations, *days]
        self._text = compiled(rule.links[0], scope.columns) if rule.links else None
        indexes = [scope.columns[name] for name in needed]
        self._indexes = indexes
        self._get = itemgetter(*indexes) if indexes else lambda _: ()
        self._memo = Memo[Any, tuple[str, ...]](self._make, _REMEMBERED)

    def iris(self, cells: Sequence[str]) -> Iris:
        """Its IRI, or the IRIs of each; none where a cell of the id is empty."""
        return self._memo[self._get(cells)]

    def _make(self, key: Any) -> Iris:  # noqa: ANN401  (one cell or a tuple of them)
        cells = [""] * len(self._scope.columns)
        for index, cell in zip(self._indexes, key if len(self._indexes) > 1 else (key,), strict=False):
            cells[index] = cell
        found: dict[str, None] = {}
        for one in self._elements(cells):
            for thing, about in self._described(one):
                found[thing] = None
                self._scope.aside.append((self._memo, key, about))
        return tuple(found)

    def _elements(self, cells: list[str]) -> Iterator[list[str]]:
        """The row once for each element of its lists."""
        each = self._rule.each
        if not each:
            yield cells
            return
        indexes = [self._scope.columns[name] for name in each.columns]
        lists = [split(cells[index], each.split) for index in indexes]
        if len({len(elements) for elements in lists}) > 1:
            lengths = ", ".join(str(len(elements)) for elements in lists)
            shown = " | ".join(cells[index] for index in indexes)
            raise RowFault(
                ", ".join(each.columns), shown, f"lists of {lengths} elements, equally many expected"
            )
        for elements in zip(*lists, strict=True):
            one = list(cells)
            for index, element in zip(indexes, elements, strict=True):
                one[index] = element
            yield one

    def _described(self, cells: list[str]) -> list[tuple[str, str]]:
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
        tails = ["", *self._constant]
        for make in self._operations:
            tails += make(cells)
        return [(found, _written(found, tails, named=self._named))]
