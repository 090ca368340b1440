"""Code lists of a source: what each code means, as one of our terms or as a concept of the source's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Concept:
    """A code of a source's own list: its text, the last part of its IRI, its label, and our code that it is."""

    notation: str
    code: str
    label: str
    same: str = ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A complete list: `values` are what statements name, `concepts` what becomes a SKOS scheme (if any)."""

    name: str
    values: Mapping[str, str]
    scheme: str = ""
    title: str = ""
    source: str = ""
    concepts: tuple[Concept, ...] = field(default=())


def read_lookup(name: str, said: dict[str, Any]) -> Lookup:
    """A plain list of code and IRI, or a scheme."""
    if "scheme" not in said:
        return Lookup(name, dict(said))
    concepts = tuple(_concept(notation, rule) for notation, rule in said["codes"].items())
    values = {c.notation: c.same or f"{said['scheme']}/{c.code}" for c in concepts}
    return Lookup(name, values, said["scheme"], said["title"], said["source"], concepts)


def _concept(notation: str, rule: str | dict[str, str]) -> Concept:
    if isinstance(rule, str):
        return Concept(notation, notation, rule)
    return Concept(notation, rule.get("code", notation), rule["label"], rule.get("same", ""))
