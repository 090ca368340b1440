"""Rows of the network query and networks made of them, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventkg.export.network import actor_event_network
from eventkg.model.naming import EKG

if TYPE_CHECKING:
    import networkx as nx

HOSTILE = {
    "markup": "<script>alert('x')</script> & ]]>",
    "emoji": "✈\U0001f1f9\U0001f1f7 \U0001f468\u200d\U0001f469",
    "right to left": "مدينة الباب",
    "right-to-left override": "safe\u202egnp.exe",
    "control characters": "a\x00b\x07c\x1b[31md\x9be",
    "lines": "one\ntwo\r\n\tthree\x0b\x0cfour",
    "formula": "$x$ costs $5, $\\frac{1}{ and \\$",
    "not a character": "a\ufffeb\uffffc",
    "empty": "",
    "spaces": "   ",
    "long": "word " * 60,
    "long word": "x" * 300,
    "Chinese": "阿勒颇" * 15,
    "percent and braces": "%s %(x)s {0} {label}",
    "underscore": "_hidden",
}


def row(*, actor: str = "urn:a", event: str = "urn:e", **other: Any) -> dict[str, Any]:
    """A participation; keywords replace what it says."""
    return {
        "actor": actor,
        "actorLabel": f"Actor {actor}",
        "actorKind": f"{EKG}ArmedForce",
        "event": event,
        "eventLabel": f"Event {event}",
        "eventKind": f"{EKG}AirStrike",
        "date": "2017-01-22",
        "role": f"{EKG}performedBy",
        "status": f"{EKG}Uncontested",
        "symbol": None,
        **other,
    }


def network(*rows: dict[str, Any]) -> nx.MultiDiGraph[str]:
    """A network of these participations."""
    return actor_event_network(rows)
