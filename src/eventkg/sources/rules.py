"""The grammar of statements: values, entities, claims. Frozen by docs/adr/0007."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLUMN = re.compile(r"{([^{}]*)}")
Names = tuple[str, ...]


def columns_of(template: str) -> list[str]:
    """The columns that a template names, in order."""
    return _COLUMN.findall(template)


@dataclass(frozen=True, slots=True)
class Literal:
    """Text, number, day …; `template` is a column in braces, or text with several."""

    template: str
    kind: str = "text"
    formats: Names = ()
    lang: str = ""
    none: frozenset[str] = frozenset()
    split: Names = ()


@dataclass(frozen=True, slots=True)
class Coded:
    """What a lookup says of a cell."""

    template: str
    lookup: str
    none: frozenset[str] = frozenset()
    split: Names = ()


@dataclass(frozen=True, slots=True)
class Linked:
    """What reviewed links say of a cell; an actor or place of the source's own where they say nothing."""

    template: str
    links: str
    kind: str = "actor"
    none: frozenset[str] = frozenset()
    split: Names = ()


@dataclass(frozen=True, slots=True)
class Named:
    """An IRI made of cells."""

    template: str
    none: frozenset[str] = frozenset()
    split: Names = ()


@dataclass(frozen=True, slots=True)
class Referred:
    """An entity, or the first of several that the row has."""

    entities: Names


Value = Literal | Coded | Linked | Named | Referred
Statements = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class When:
    """The days of an event; `precision`: an IRI or (column, lookup); `start`: "" if only an end is known."""

    start: str
    end: str
    formats: Names
    precision: str | tuple[str, str] | None

    def columns(self) -> list[str]:
        """What it reads."""
        coded = [self.precision[0]] if isinstance(self.precision, tuple) else []
        return [*columns_of(self.start), *columns_of(self.end), *coded]


@dataclass(frozen=True, slots=True)
class Each:
    """Lists in cells, which run in parallel."""

    columns: Names
    split: Names


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that rows speak of; `types` are names, or what a lookup says; `links` is (text, file)."""

    name: str
    id: str
    types: Names | Coded
    statements: Statements = ()
    each: Each | None = None
    links: tuple[str, str] | None = None
    when: When | None = None

    def columns(self) -> Iterator[str]:
        """What it reads."""
        yield from columns_of(self.id)
        if isinstance(self.types, Coded):
            yield from columns_of(self.types.template)
        if self.each:
            yield from self.each.columns
        if self.links:
            yield from columns_of(self.links[0])
        if self.when:
            yield from self.when.columns()
        yield from _columns(self.statements)

    def lookups(self) -> Iterator[str]:
        """The lookups that it needs."""
        if isinstance(self.types, Coded):
            yield self.types.lookup
        if self.when and isinstance(self.when.precision, tuple):
            yield self.when.precision[1]
        yield from (value.lookup for _, value in self.statements if isinstance(value, Coded))

    def linked(self) -> Iterator[str]:
        """The files of links that it needs."""
        if self.links:
            yield self.links[1]
        yield from (value.links for _, value in self.statements if isinstance(value, Linked))

    def referred(self) -> Iterator[str]:
        """The entities that it names."""
        yield from _referred(self.statements)


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark for odd rows: `ascending` numbers that do not, or cells `repeated` from an earlier row."""

    code: str
    test: str
    columns: Names


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """The claim that each row makes."""

    claimant: str
    stance: str = "Asserts"
    statements: Statements = ()
    flags: tuple[Flag, ...] = field(default=())

    def columns(self) -> Iterator[str]:
        """What it reads."""
        yield from columns_of(self.claimant)
        yield from _columns(self.statements)
        for flag in self.flags:
            yield from flag.columns

    def lookups(self) -> Iterator[str]:
        """The lookups that it needs."""
        yield from (value.lookup for _, value in self.statements if isinstance(value, Coded))

    def linked(self) -> Iterator[str]:
        """The files of links that it needs."""
        yield from (value.links for _, value in self.statements if isinstance(value, Linked))

    def referred(self) -> Iterator[str]:
        """The entities that it names."""
        yield from _referred(self.statements)


def _columns(statements: Statements) -> Iterator[str]:
    for _, value in statements:
        if not isinstance(value, Referred):
            yield from columns_of(value.template)


def _referred(statements: Statements) -> Iterator[str]:
    for _, value in statements:
        if isinstance(value, Referred):
            yield from value.entities


def read_entity(name: str, said: dict[str, Any]) -> Entity:
    """An entity as it is declared."""
    kind = said["type"]
    types = Coded(f"{{{kind['column']}}}", kind["lookup"]) if isinstance(kind, dict) else _names(kind)
    each, links = said.get("each"), said.get("links")
    return Entity(
        name=name,
        id=said["id"],
        types=types,
        statements=_statements(said.get("statements", {})),
        each=Each(tuple(each["columns"]), _names(each["split"])) if each else None,
        links=(links["text"], links["file"]) if links else None,
        when=_when(said["when"]) if "when" in said else None,
    )


def _when(said: dict[str, Any]) -> When:
    precision = said.get("precision")
    start = said.get("start", "")
    return When(
        start=start,
        end=said.get("end", start),
        formats=_names(said.get("format", ())),
        precision=(precision["column"], precision["lookup"]) if isinstance(precision, dict) else precision,
    )


def read_claim(said: dict[str, Any]) -> ClaimRule:
    """The claim as it is declared."""
    own = {
        f"ekg:{key}": said[key] for key in ("attributedTo", "claimedOn", "foundIn", "conveys") if key in said
    }
    flags = tuple(
        Flag(code, *((test, tuple(columns)) for test, columns in rule.items()).__next__())
        for code, rule in said.get("flags", {}).items()
    )
    statements = _statements({**own, **said.get("statements", {})})
    return ClaimRule(said["claimant"], said.get("stance", "Asserts"), statements, flags)


def _statements(said: dict[str, Any]) -> Statements:
    return tuple(
        (name, _value(value))
        for name, values in said.items()
        for value in (values if isinstance(values, list) else [values])
    )


def _value(said: dict[str, Any]) -> Value:
    if "entity" in said:
        return Referred(_names(said["entity"]))
    none, split = frozenset(said.get("none", ())), _names(said.get("split", ()))
    if "id" in said:
        return Named(said["id"], none, split)
    template = f"{{{said['column']}}}" if "column" in said else said["text"]
    if "lookup" in said:
        return Coded(template, said["lookup"], none, split)
    if "links" in said:
        return Linked(template, said["links"], said.get("kind", "actor"), none, split)
    formats = _names(said.get("format", ()))
    return Literal(template, said.get("as", "text"), formats, said.get("lang", ""), none, split)


def _names(said: str | list[str] | Names) -> Names:
    return (said,) if isinstance(said, str) else tuple(said)
