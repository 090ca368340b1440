"""Events and claims as tables: one row an event, one row a claim and what it says."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from eventkg.export.material import local
from eventkg.export.network import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from eventkg.export.material import Ask, Material, Part, Site

    Cell = str | int | float | None
    Row = tuple[Cell, ...]


class Column(NamedTuple):
    """A column: its type is str, int or float; `meaning` goes into the data dictionary."""

    name: str
    type: type
    meaning: str


class Table(NamedTuple):
    """Columns and rows; a cell that nothing is known for is None."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


NUMBERS = (
    "deathsLow", "deathsBest", "deathsHigh", "deathsSideA", "deathsSideB", "deathsCivilians", "deathsUnknown",
    "strikeCount", "targetsStruck",
)  # fmt: skip
_ROLES = {
    "performedBy": "who carried it out, as facts",
    "supportedBy": "who supported it, as facts",
    "target": "against whom, as facts",
    "sideA": "the first party of the conflict as the data set names it: not who acted",
    "sideB": "the second party of the conflict as the data set names it: not who acted",
}
EVENT_COLUMNS = (
    Column("event", str, "IRI of the event"),
    Column("label", str, "its name in English, else in the language there is"),
    Column("kind", str, "its most telling class"),
    Column("first", str, "first day on which it may have begun, ISO 8601"),
    Column("last", str, "last day on which it may have ended, ISO 8601"),
    Column("date_precision", str, "how exactly the source dates it (code list date-precision)"),
    Column("place", str, "names of the places that locate it"),
    Column("place_relation", str, "in, near, over or from the place, where said"),
    Column("place_precision", str, "how exactly the source locates it (code list place-precision)"),
    Column("latitude", float, "of its place, degrees north, WGS 84; read with place_precision"),
    Column("longitude", float, "of its place, degrees east, WGS 84; read with place_precision"),
    *(Column(role, str, meaning) for role, meaning in _ROLES.items()),
    Column("contested_parts", str, "parts that one asserts and another objects to, as role: actor"),
    *(Column(name, int, f"ekg:{name} as the source gives it; empty is not zero") for name in NUMBERS),
    Column("bomb_tons", float, "ekg:bombTons as the source gives it"),
    Column("event_type", str, "the source's own type (code)"),
    Column("sources", str, "graphs that the event comes from"),
)
CLAIM_COLUMNS = (
    Column("claim", str, "IRI of the claim"),
    Column("speaker", str, "whose words or record it is"),
    Column("stance", str, "Asserts, Denies, Doubts, Speculates, Relays or Retracts"),
    Column("about", str, "what it is about: IRI of the event, or of another thing"),
    Column("property", str, "which attribute; empty where the claim conveys the event as a whole"),
    Column("value", str, "the value: a name, a number or text"),
    Column("status", str, "of the statement in this view: Contested, Corroborated, Uncontested, Unsupported"),
    Column("quotation", str, "the words, verbatim"),
    Column("document", str, "IRI of the document in which it is found"),
    Column("claimed_on", str, "day on which it was said, ISO 8601"),
    Column("record", str, "the source's own key of the row"),
)


def read_values(ask: Ask) -> dict[str, dict[str, str]]:
    """{event: {property: value}} of what is counted and graded; of several values the first in order."""
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for event, name, value in sorted(ask("table_values"), reverse=True):
        values[event][local(name)] = local(value)
    return values


def events_table(
    material: Material, values: Mapping[str, Mapping[str, str]], only: frozenset[str] | None
) -> Table:
    """One row an event that is named, in the order of first day and IRI."""
    parts: dict[str, list[Part]] = defaultdict(list)
    for part in material.parts:
        parts[part.event].append(part)
    known = material.spans.keys() | material.sources.keys() | parts.keys() | material.sites.keys()
    chosen = sorted((material.span(event)[0], event) for event in (known if only is None else known & only))
    rows = tuple(
        _clean(_event_row(event, material, parts.get(event, []), values.get(event, {})))
        for _, event in chosen
    )
    return Table("events", EVENT_COLUMNS, rows)


def _event_row(event: str, material: Material, parts: list[Part], values: Mapping[str, str]) -> Row:
    name, (first, last) = material.name(event), material.span(event)
    sites = material.sites.get(event, ())
    return (
        event, name.label, name.kind, first or None, last or None, values.get("datePrecision"),
        _joined(material.name(site.place).label for site in sites),
        _joined(site.relation for site in sites), _joined(site.precision for site in sites),
        *_position(material, sites),
        *(_actors(material, (p for p in parts if p.role == role and not p.contested)) for role in _ROLES),
        _joined(f"{p.role}: {material.name(p.actor).label}" for p in parts if p.contested),
        *(_number(values.get(number), int) for number in NUMBERS),
        _number(values.get("bombTons"), float), values.get("eventType"),
        _joined(material.sources.get(event, ())),
    )  # fmt: skip


def _position(material: Material, sites: tuple[Site, ...]) -> tuple[float | None, float | None]:
    """Of the only place; two places have no point between them."""
    if len({site.place for site in sites}) != 1:
        return None, None
    more = dict(material.name(sites[0].place).more)
    return _number(more.get("latitude"), float), _number(more.get("longitude"), float)


def _actors(material: Material, parts: Iterator[Part]) -> str | None:
    return _joined(material.name(part.actor).label for part in parts)


def _joined(words: Iterable[str]) -> str | None:
    return "; ".join(sorted({word for word in words if word})) or None


def _number(text: str | None, read: Callable[[str], float]) -> float | None:
    try:
        return read(text) if text else None
    except ValueError:  # a source's own words in the place of a number
        return None


def claims_table(ask: Ask, material: Material, only: frozenset[str] | None) -> Table:
    """One row a claim and what it says, in the order of day and IRI."""
    rows = (_claim_row(cells, material) for cells in set(ask("table_claims")))
    chosen = (row for row in rows if only is None or row[3] in only)
    return Table("claims", CLAIM_COLUMNS, tuple(sorted(chosen, key=_key)))


def _claim_row(cells: tuple[str, ...], material: Material) -> Row:
    claim, speaker, stance, about, name, value, event, status, *words = cells
    told = material.name(value).label if value in material.names else local(value)
    found = (
        claim,
        material.name(speaker).label,
        local(stance),
        about or event,
        local(name),
        told,
        local(status),
    )
    return _clean(tuple(cell or None for cell in (*found, *words)))


def _clean(row: Row) -> Row:
    return tuple(clean(cell) if isinstance(cell, str) else cell for cell in row)


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(cell or "") for cell in (row[9], *row))
