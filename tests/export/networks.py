"""Material of networks and networks made of it, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventkg.export.material import Material, Name, Part
from eventkg.export.network import KINDS, build

if TYPE_CHECKING:
    import networkx as nx

HOSTILE = {
    "markup": "<script>alert('x')</script> & ]]>",
    "emoji": "✈\U0001f1f9\U0001f1f7 \U0001f468\u200d\U0001f469",
    "right to left": "مدينة الباب",
    "right-to-left override": "safe\u202egnp.exe",
    "control characters": "a\x00b\x07c\x1b[31md\x9be",
    "lines": "one\ntwo\r\n\tthree\x0b\x0cfour",
    "quotes": "\"double\" 'single' \\backslash\\",
    "command": "=CMD|'/C calc'!A1",
    "formula": "$x$ costs $5, $\\frac{1}{ and \\$",
    "not a character": "a\ufffeb\uffffc",
    "half a character": "a\ud800b",
    "empty": "",
    "spaces": "   ",
    "long": "word " * 60,
    "long word": "x" * 300,
    "Chinese": "阿勒颇" * 15,
    "percent and braces": "%s %(x)s {0} {label}",
    "underscore": "_hidden",
}


def part(
    actor: str = "urn:a", event: str = "urn:e", role: str = "performedBy", status: str = "Uncontested"
) -> Part:
    """A participation."""
    return Part(event, role, actor, status)


def material(*parts: Part, label: str | None = None, dated: bool = True, **other: object) -> Material:
    """These parts; every node is called by its IRI unless told, every event is of 22 January 2017."""
    actors, events = {part.actor for part in parts}, {part.event for part in parts}
    names = {iri: Name(f"Actor {iri}" if label is None else label, "ArmedForce") for iri in actors}
    names |= {iri: Name(f"Event {iri}" if label is None else label, "AirStrike") for iri in events}
    spans = dict.fromkeys(events, ("2017-01-22", "2017-01-22")) if dated else {}
    return Material(**{"parts": parts, "spans": spans, "names": names, **other})  # type: ignore[arg-type]


def network(
    *parts: Part, kind: str = "actor-event", label: str | None = None, dated: bool = True
) -> nx.MultiDiGraph[str]:
    """A network of these participations."""
    made = material(*parts, label=label, dated=dated)
    found = build(KINDS[kind].ties(made), made, KINDS[kind].sides)
    found.graph["kind"] = kind
    return found
