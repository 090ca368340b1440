"""Code lists of a source: what each code means, as one of our terms or as a concept of the source's own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Concept:
    """A code of a source's own list: its text, the last part of its IRI, its label, and our code that it is.

    `broader` is the last part of the IRI of the code that it lies under.
    """

    notation: str
    code: str
    label: str
    same: str = ""
    broader: str = ""


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
    if said.get("nested"):
        concepts = _nested(concepts)
    values = {c.notation: c.same or f"{said['scheme']}/{c.code}" for c in concepts}
    return Lookup(name, values, said["scheme"], said["title"], said["source"], concepts)


def _nested(concepts: tuple[Concept, ...]) -> tuple[Concept, ...]:
    """Each code under the longest other one with which it begins: 195 under 19."""
    codes = {concept.notation: concept.code for concept in concepts}
    return tuple(replace(concept, broader=_above(concept.notation, codes)) for concept in concepts)


def _above(notation: str, codes: Mapping[str, str]) -> str:
    beginnings = (notation[:end] for end in range(len(notation) - 1, 0, -1))
    return next((codes[beginning] for beginning in beginnings if beginning in codes), "")


def _concept(notation: str, rule: str | dict[str, str]) -> Concept:
    if isinstance(rule, str):
        return Concept(notation, notation, rule)
    return Concept(notation, rule.get("code", notation), rule["label"], rule.get("same", ""))
