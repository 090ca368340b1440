"""Declared values compiled: each makes of a row tails of statements, ` <predicate> object <graph> .`."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from eventkg.mapping.cells import Unfit, read_day, read_decimal, reader
from eventkg.mapping.faults import RowFault, UnknownCode
from eventkg.mapping.memo import Memo
from eventkg.mapping.templates import Columns, Template, compiled, compiled_iri, split
from eventkg.mapping.terms import iri, literal, part
from eventkg.model.naming import BASE, EKG
from eventkg.sources.rules import Coded, Flag, Linked, Literal, Named, When

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eventkg.sources.lookups import Lookup

    Tails = tuple[str, ...]
    Operation = Callable[[Sequence[str]], Tails]
    Resolutions = Mapping[str, tuple[tuple[str, str], ...]]

DAY = "code/date-precision/day"


class Scope:
    """What values are compiled in: columns, names, where statements go, and what is described aside."""

    def __init__(  # noqa: PLR0913  (all of it known once, before the first row)
        self,
        source: str,
        columns: Columns,
        prefixes: Mapping[str, str],
        lookups: Mapping[str, Lookup],
        links: Mapping[str, Resolutions],
        graph: str,
    ) -> None:
        self.source, self.columns, self.prefixes = source, columns, prefixes
        self.lookups, self.links = lookups, links
        self.end = f" <{graph}> .\n"
        self._names = Memo[str, str](lambda name: iri(name, prefixes))
        self.aside: list[tuple[Memo[Any, Any], Any, str]] = []  # (who remembers, as what, the statements)

    def tail(self, predicate: str, term: str) -> str:
        """A statement without its subject."""
        return f" {self._names[predicate]} {term}{self.end}"

    def shared(self, subject: str, kind: str, label: str, others: Tails = ()) -> str:
        """Statements that describe a thing by its class and name."""
        tails = (
            self.tail("rdf:type", iri(kind, self.prefixes)),
            self.tail("skos:prefLabel", literal(" ".join(label.split()), "", "en")),
            *others,
        )
        return "".join(subject + tail for tail in tails)


def operation(predicate: str, value: Literal | Coded | Named | Linked, scope: Scope) -> Operation:
    """A declared value as a function of a row's cells."""
    if isinstance(value, Literal):
        template = compiled(value.template, scope.columns, value.none)
        read = reader(value.kind, value.formats, value.lang)
        return _remembered(
            template, _each(template, value.split, lambda t: (scope.tail(predicate, read(t)),))
        )
    if isinstance(value, Coded):
        template = compiled(value.template, scope.columns, value.none)
        find = _finder(template.columns, scope.lookups[value.lookup], scope)
        return _remembered(
            template, _each(template, value.split, lambda t: (scope.tail(predicate, find(t)),))
        )
    if isinstance(value, Named):
        named = compiled_iri(value.template, scope.columns, scope.prefixes, value.none)
        return _remembered(named, _named(predicate, named, value.split, scope))
    template = compiled(value.template, scope.columns, value.none)
    return _linked(predicate, value, template, scope)


def _remembered(template: Template, make: Callable[[Any], Tails]) -> Operation:
    memo, get = Memo(make), template.get
    return lambda cells: memo[get(cells)]


def _each(
    template: Template, separators: tuple[str, ...], make: Callable[[str], Tails]
) -> Callable[[Any], Tails]:
    """Statements for each element of a cell; a text that is not of its kind is the row's fault."""

    def tails(key: Any) -> Tails:  # noqa: ANN401  (one cell or a tuple of them)
        text = template.fill(key)
        if not text:
            return ()
        try:
            made = [tail for element in split(text, separators) for tail in make(element)]
        except Unfit as problem:
            raise RowFault(", ".join(template.columns), template.value(key), str(problem)) from problem
        return tuple(dict.fromkeys(made))

    return tails


def _named(
    predicate: str, named: Template, separators: tuple[str, ...], scope: Scope
) -> Callable[[Any], Tails]:
    """IRIs made of a cell, of each of its elements, or of several cells."""

    def tails(key: Any) -> Tails:  # noqa: ANN401  (one cell or a tuple of them)
        keys = split(key, separators) if separators and isinstance(key, str) else [key]
        return tuple(scope.tail(predicate, term) for one in keys if (term := named.fill(one)))

    return tails


def _finder(columns: tuple[str, ...], lookup: Lookup, scope: Scope) -> Callable[[str], str]:
    known = {code: iri(value, scope.prefixes) for code, value in lookup.values.items()}

    def find(text: str) -> str:
        if text in known:
            return known[text]
        raise UnknownCode(", ".join(columns), text, tuple(known), lookup.name)

    return find


def coded(column: str, lookup: str, scope: Scope) -> Operation:
    """`rdf:type` by a code."""
    return operation("rdf:type", Coded(f"{{{column}}}", lookup), scope)


def _linked(predicate: str, value: Linked, template: Template, scope: Scope) -> Operation:
    links, kind = scope.links[value.links], f"ekg:{value.kind.title()}"

    def things(text: str) -> list[tuple[str, str]]:
        """(IRI, statements about it): the whole text if it is linked, else each of its elements."""
        if (whole := " ".join(text.split())) in links:
            return resolved(whole, links, kind, scope)
        elements = [" ".join(element.split()) for element in split(text, value.split)]
        return [
            thing
            for element in elements
            for thing in (
                resolved(element, links, kind, scope)
                if element in links
                else [_own(element, value.kind, kind, scope)]
            )
        ]

    def make(key: Any) -> Tails:  # noqa: ANN401  (one cell or a tuple of them)
        text = template.fill(key)
        found = things(text) if text else []
        if found:
            scope.aside.append((memo, key, "".join(about for _, about in found)))
        return tuple(dict.fromkeys(scope.tail(predicate, thing) for thing, _ in found))

    memo, get = Memo(make), template.get
    return lambda cells: memo[get(cells)]


def resolved(text: str, links: Resolutions, kind: str, scope: Scope) -> list[tuple[str, str]]:
    """What reviewed links say of a text: (IRI, statements about it), with the text as another name."""
    found = []
    for thing, label in links[text]:
        also = () if text == label else (scope.tail("skos:altLabel", literal(text, "", "en")),)
        found.append((f"<{thing}>", scope.shared(f"<{thing}>", kind, label, also)))
    return found


def _own(text: str, folder: str, kind: str, scope: Scope) -> tuple[str, str]:
    """A thing that only this source knows."""
    own = f"<{BASE}id/{folder}/{scope.source}/{part(text)}>"
    return own, scope.shared(own, kind, text)


def when(rule: When, scope: Scope) -> Operation:
    """The days of an event: a day gains no precision that the source does not give it."""
    start, end = (compiled(text, scope.columns) for text in (rule.start, rule.end))
    precision = _precision(rule, scope)
    exact = scope.tail("ekg:datePrecision", iri(DAY))

    def make(key: tuple[Any, Any, Tails]) -> Tails:
        first, last = _day(start, key[0], rule.formats), _day(end, key[1], rule.formats)
        if not rule.start and last:
            return (scope.tail("ekg:latestEnd", literal(last, "date")), *key[2])
        if not first or not last:
            return ()
        if last < first:
            raise RowFault(", ".join(end.columns), end.value(key[1]), f"before the start ({first})")
        names = ["ekg:earliestStart", "ekg:latestEnd"]
        days = [literal(first, "date"), literal(last, "date")]
        if first == last and exact in key[2]:
            names, days = [*names, "ekg:date"], [*days, literal(first, "date")]
        return (*(scope.tail(n, d) for n, d in zip(names, days, strict=True)), *key[2])

    memo = Memo(make)
    return lambda cells: memo[start.get(cells), end.get(cells), precision(cells)]


def _precision(rule: When, scope: Scope) -> Operation:
    if isinstance(rule.precision, tuple):
        return operation("ekg:datePrecision", Coded(f"{{{rule.precision[0]}}}", rule.precision[1]), scope)
    if rule.precision is None:
        return lambda _: ()
    said = (scope.tail("ekg:datePrecision", iri(rule.precision, scope.prefixes)),)
    return lambda _: said


def _day(template: Template, key: Any, formats: tuple[str, ...]) -> str:  # noqa: ANN401  (cell or cells)
    text = template.fill(key)
    try:
        return read_day(text, formats) if text else ""
    except Unfit as problem:
        raise RowFault(", ".join(template.columns), template.value(key), str(problem)) from problem


def flag(rule: Flag, scope: Scope) -> Operation:
    """A mark on the claim of an odd row."""
    mark = (scope.tail(f"{EKG}rowFlag", iri(f"code/row-flag/{rule.code}")),)
    indexes = [scope.columns[name] for name in rule.columns]
    if rule.test == "ascending":
        memo = Memo[tuple[str, ...], tuple[str, ...]](lambda key: () if _ascend(key) else mark)
        return lambda cells: memo[tuple(cells[index] for index in indexes)]
    seen: set[int] = set()

    def repeated(cells: Sequence[str]) -> Tails:
        found = hash(tuple(cells[index] for index in indexes))
        if found in seen:
            return mark
        seen.add(found)
        return ()

    return repeated


def _ascend(cells: tuple[str, ...]) -> bool:
    try:
        numbers = [float(read_decimal(cell)) for cell in cells if cell.strip()]
    except Unfit:
        return True  # its own column says so
    return all(a <= b for a, b in pairwise(numbers))
