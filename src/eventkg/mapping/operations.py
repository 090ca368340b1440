"""Declared values compiled: each makes statements of a row's cells, as lines of N-Quads.

Their subject is left open: `SUBJECT` stands for it until the whole of a thing is put together.
"""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from eventkg.mapping.cells import Unfit, read_day, read_decimal, reader
from eventkg.mapping.faults import RowFault, UnknownCode
from eventkg.mapping.memo import Memo
from eventkg.mapping.seen import Seen
from eventkg.mapping.templates import Columns, Template, compiled, compiled_iri, split
from eventkg.mapping.terms import iri, literal, part
from eventkg.model.naming import BASE, EKG, XSD
from eventkg.sources.rules import Coded, Flag, Linked, Literal, Named, When, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eventkg.sources.lookups import Lookup

    Operation = Callable[[Sequence[str]], str]
    Resolutions = Mapping[str, tuple[tuple[str, str], ...]]

SUBJECT = "\0"  # no literal and no IRI of ours has this character
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
        record: str,
    ) -> None:
        self.source, self.columns, self.prefixes, self.record = source, columns, prefixes, record
        self.lookups, self.links = lookups, links
        self.end = f" <{graph}> .\n" if graph else " .\n"
        self._names = Memo[str, str](lambda name: iri(name, prefixes))
        self.aside: list[tuple[dict[Any, Any], Any, str]] = []  # (who remembers, as what, the statements)

    def says(self, predicate: str, term: str) -> str:
        """A statement of whatever it will be said of."""
        return f"{self.start(predicate)}{term}{self.end}"

    def start(self, predicate: str) -> str:
        """What stands before the object."""
        return f"{SUBJECT} {self._names[predicate]} "

    def shared(self, subject: str, kind: str, label: str, others: str = "") -> str:
        """Statements that describe a thing by its class and name."""
        name = literal(" ".join(label.split()), "", "en")
        said = self.says("rdf:type", iri(kind, self.prefixes)) + self.says("skos:prefLabel", name) + others
        return said.replace(SUBJECT, subject)


def operation(predicate: str, value: Literal | Coded | Named | Linked, scope: Scope) -> Operation:
    """A declared value as a function of a row's cells."""
    if isinstance(value, Named):
        named = compiled_iri(value.template, scope.columns, scope.prefixes, value.none)
        return remembered(named, _named(predicate, named, value.split, scope), scope)
    template = compiled(value.template, scope.columns, value.none)
    if isinstance(value, Linked):
        return _linked(predicate, value, template, scope)
    if isinstance(value, Coded):
        read = _finder(template.columns, scope.lookups[value.lookup], scope)
    else:
        read = reader(value.kind, value.formats, value.lang)
    return remembered(template, _each(predicate, template, value.split, read, scope), scope)


def remembered(template: Template, make: Callable[[Any], str], scope: Scope) -> Operation:
    """What is made of one cell is remembered; several together, or keys of rows, seldom come up again."""
    get = template.get
    if len(template.columns) > 1 or template.columns == (scope.record,):
        return lambda cells: make(get(cells))
    memo = Memo(make)
    return lambda cells: memo[get(cells)]


def _each(
    predicate: str, template: Template, separators: tuple[str, ...], read: Callable[[str], str], scope: Scope
) -> Callable[[Any], str]:
    """A statement for each element of a cell; a text that is not of its kind is the row's fault."""
    start, end, fill = scope.start(predicate), scope.end, template.fill

    def make(key: Any) -> str:  # noqa: ANN401  (one cell or a tuple of them)
        text = fill(key)
        if not text:
            return ""
        try:
            if not separators:
                return f"{start}{read(text)}{end}"
            terms = dict.fromkeys(map(read, split(text, separators)))
        except Unfit as problem:
            raise RowFault(", ".join(template.columns), template.value(key), str(problem)) from problem
        return "".join([f"{start}{term}{end}" for term in terms])

    return make


def _named(
    predicate: str, named: Template, separators: tuple[str, ...], scope: Scope
) -> Callable[[Any], str]:
    """IRIs made of a cell, of each of its elements, or of several cells."""

    def make(key: Any) -> str:  # noqa: ANN401  (one cell or a tuple of them)
        keys = split(key, separators) if separators and isinstance(key, str) else [key]
        return "".join([scope.says(predicate, term) for one in keys if (term := named.fill(one))])

    return make


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

    def make(key: Any) -> str:  # noqa: ANN401  (one cell or a tuple of them)
        text = template.fill(key)
        found = things(text) if text else []
        if found:
            scope.aside.append((memo, key, "".join(about for _, about in found)))
        return "".join(scope.says(predicate, thing) for thing in dict(found))

    memo, get = Memo(make), template.get
    return lambda cells: memo[get(cells)]


def resolved(text: str, links: Resolutions, kind: str, scope: Scope) -> list[tuple[str, str]]:
    """What reviewed links say of a text: (IRI, statements about it), with the text as another name."""
    found = []
    for thing, label in links[text]:
        also = "" if text == label else scope.says("skos:altLabel", literal(text, "", "en"))
        found.append((f"<{thing}>", scope.shared(f"<{thing}>", kind, label, also)))
    return found


def _own(text: str, folder: str, kind: str, scope: Scope) -> tuple[str, str]:
    """A thing that only this source knows."""
    own = f"<{BASE}id/{folder}/{scope.source}/{part(text)}>"
    return own, scope.shared(own, kind, text)


def when(rule: When, scope: Scope) -> Operation:
    """The days of an event: a day gains no precision that the source does not give it."""
    days = Memo[str, str](lambda text: read_day(text, rule.formats))
    start, end = (_day(text, days, scope) for text in (rule.start, rule.end))
    precision = _precision(rule, scope)
    exact = scope.says("ekg:datePrecision", iri(DAY))
    earliest, latest, only = (scope.start(f"ekg:{name}") for name in ("earliestStart", "latestEnd", "date"))
    close = f'"^^<{XSD}date>{scope.end}'

    def make(cells: Sequence[str]) -> str:
        first, last, precise = start(cells), end(cells), precision(cells)
        if first and last:
            if last < first:
                column = ", ".join(columns_of(rule.end))
                raise RowFault(column, _found(rule.end, cells, scope), f"before the start ({first})")
            date = f'{only}"{first}{close}' if first == last and precise == exact else ""
            return f'{earliest}"{first}{close}{latest}"{last}{close}{date}{precise}'
        return f'{latest}"{last}{close}{precise}' if last and not rule.start else ""

    return make


def _precision(rule: When, scope: Scope) -> Operation:
    if isinstance(rule.precision, tuple):
        return operation("ekg:datePrecision", Coded(f"{{{rule.precision[0]}}}", rule.precision[1]), scope)
    said = scope.says("ekg:datePrecision", iri(rule.precision, scope.prefixes)) if rule.precision else ""
    return lambda _: said


def _day(text: str, days: Memo[str, str], scope: Scope) -> Operation:
    """The day, in ISO's form, that a template is filled to; "" where a cell is empty."""
    template = compiled(text, scope.columns)
    get, fill = template.get, template.fill

    def make(cells: Sequence[str]) -> str:
        filled = fill(get(cells))
        try:
            return days[filled] if filled else ""
        except Unfit as problem:
            raise RowFault(", ".join(template.columns), template.value(get(cells)), str(problem)) from problem

    return make


def _found(text: str, cells: Sequence[str], scope: Scope) -> str:
    template = compiled(text, scope.columns)
    return template.value(template.get(cells))


def flag(rule: Flag, scope: Scope) -> Operation:
    """A mark on the claim of an odd row."""
    mark = scope.says(f"{EKG}rowFlag", iri(f"code/row-flag/{rule.code}"))
    get = itemgetter(*(scope.columns[name] for name in rule.columns))
    if rule.test == "ascending":
        memo = Memo[tuple[str, ...], str](lambda key: "" if _ascend(key) else mark)
        return lambda cells: memo[get(cells)]
    seen = Seen()

    def repeated(cells: Sequence[str]) -> str:
        found = hash(get(cells))
        if found in seen:
            return mark
        seen.add(found)
        return ""

    return repeated


def _ascend(cells: tuple[str, ...]) -> bool:
    try:
        numbers = [float(read_decimal(cell)) for cell in cells if cell.strip()]
    except Unfit:
        return True  # its own column says so
    return all(a <= b for a, b in pairwise(numbers))
