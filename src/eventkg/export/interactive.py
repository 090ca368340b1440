"""A network as one HTML file that opens without a network connection, and asks for nothing outside it."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from typing import TYPE_CHECKING, Any

from eventkg.export.arranging import arrange
from eventkg.export.behind import STATUSES, rank
from eventkg.export.look import colour_of, size_of
from eventkg.export.network import SIGNS, kind_of
from eventkg.export.parts import part, static
from eventkg.export.picture import drawable
from eventkg.model.naming import BASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventkg.export.behind import Behind, Credit
    from eventkg.export.network import Graph

    Columns = dict[str, list[Any]]

_SLOT = re.compile(r"\{\{(\w+)\}\}")
_OURS = f"{BASE}id"  # what every IRI of ours begins with, written once
_DIRECTED = frozenset({"against", "transfer", "relays", "cites", "denies", "doubts"})
MOST = 50_000  # nodes that a browser can hold and draw
_CROWD = 300  # nodes that are drawn as large as in other pictures; fewer are larger, more are smaller
_LARGEST = 2.0
_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; connect-src 'none'; img-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)


def write(
    network: Graph, behind: Behind, *, chosen: str = "", snapshot: str = "", covered: tuple[str, ...] = ()
) -> bytes:
    """The file.

    `chosen` says which events were asked for, `snapshot` which state of the graph answered, `covered` what
    data sets set out to hold.
    """
    data = _json(columns(network, behind))
    kind = kind_of(network.graph["kind"])
    script, style = static("network.js"), static("network.css")
    parts = {
        "policy": _POLICY.format(script=_digest(script), style=_digest(style)),
        "title": html.escape(_sentence(kind.title)),
        "counts": f"{len(network):,} nodes, {network.number_of_edges():,} ties",
        "foot": "\n".join([*_foot(network, behind.credits, chosen, snapshot, data), *_covered(covered)]),
        "licences": html.escape(static("network.licences.txt")),
        "tools": part("tools"),
        "frame": part("frame"),
        "style": style,
        "data": data,
        "script": script,
    }
    return _SLOT.sub(lambda slot: parts[slot[1]], static("network.html")).encode()


def columns(network: Graph, behind: Behind) -> dict[str, Any]:
    """What web/src/network/data.ts unpacks: columns of nodes, of events, and of ties with their events.

    Events of tie `i` are `ties.event[start[i]:start[i + 1]]`, how each stands beside it in `standing`.
    """
    kind = kind_of(network.graph["kind"])
    nodes = sorted(network)
    kinds = sorted({(_kind(network.nodes[node]), colour_of(network.nodes[node])) for node in nodes})
    ties = sorted(network.edges(keys=True, data=True), key=lambda tie: tie[:3])
    roles = sorted({role for *_, role, _ in ties})
    return {
        "unit": kind.unit,
        "prefix": _OURS,
        "kinds": [{"name": name, "colour": colour} for name, colour in kinds],
        "roles": [
            {"name": role, "sign": SIGNS.get(role, 0), "directed": role in _DIRECTED} for role in roles
        ],
        "statuses": list(STATUSES),
        "nodes": _nodes(network, nodes, [name for name, _ in kinds], kind.unit),
        "events": _events(behind),
        "ties": _ties(ties, nodes, roles, behind),
    }


def _nodes(network: Graph, nodes: list[str], kinds: list[str], unit: str) -> Columns:
    places = arrange(network)
    zoomed = min(_LARGEST, (_CROWD / max(len(nodes), 1)) ** 0.3)
    told = [network.nodes[node] for node in nodes]
    return {
        "iri": [_short(node) for node in nodes],
        "label": [drawable(str(data["label"])) for data in told],
        "kind": [kinds.index(_kind(data)) for data in told],
        "x": [round(places[node][0], 3) for node in nodes],
        "y": [round(places[node][1], 3) for node in nodes],
        "size": [round(size_of(data) / 2 * zoomed, 2) for data in told],
        "count": [data.get(f"{unit}s", 0) for data in told],
        "first": [data.get("first", "") for data in told],
        "last": [data.get("last", "") for data in told],
        "sources": [data.get("sources", "") for data in told],
        "more": [_more(data) for data in told],
    }


def _more(data: Mapping[str, Any]) -> str:
    """Symbol code and position, where known."""
    place = f"{data['latitude']}, {data['longitude']}" if {"latitude", "longitude"} <= data.keys() else ""
    symbol = f"symbol {data['symbol']}" if "symbol" in data else ""
    return "; ".join(filter(None, (symbol, place)))


def _events(behind: Behind) -> Columns:
    told = behind.events.values()
    return {
        "iri": [_short(event) for event in behind.events],
        "label": [drawable(event.label) for event in told],
        "kind": [_words(event.kind) for event in told],
        "first": [event.first for event in told],
        "last": [event.last for event in told],
        "sources": [drawable(event.sources) for event in told],
    }


def _ties(
    ties: Iterable[tuple[str, str, str, Mapping[str, Any]]],
    nodes: list[str],
    roles: list[str],
    behind: Behind,
) -> Columns:
    numbers = {node: number for number, node in enumerate(nodes)}
    events = {event: number for number, event in enumerate(behind.events)}
    found: Columns = {name: [] for name in ("source", "target", "role", "status", "event", "standing")}
    found["start"] = [0]
    for source, target, role, data in ties:
        told = behind.ties.get((source, target, role), {})
        in_order = sorted(told, key=lambda event: (behind.events[event].first or "9999", events[event]))
        found["source"].append(numbers[source])
        found["target"].append(numbers[target])
        found["role"].append(roles.index(role))
        found["status"].append(rank(data["status"]))
        found["event"] += [events[event] for event in in_order]
        found["standing"] += [rank(told[event]) for event in in_order]
        found["start"].append(len(found["event"]))
    return found


def _kind(data: Mapping[str, Any]) -> str:
    """As the legend names it: by class among actors, else by what stands at that end."""
    side = data.get("bipartite", "actor")
    return _words(data.get("kind") or "other") if side == "actor" else str(side)


def _words(name: str) -> str:
    """`ArmedForce` as `armed force`; a stranger's IRI as it is."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", name).lower() if name.isalpha() else drawable(name)


def _short(iri: str) -> str:
    return iri.removeprefix(_OURS) if iri.startswith(f"{_OURS}/") else iri


def _foot(network: Graph, credit: tuple[Credit, ...], chosen: str, snapshot: str, data: str) -> Iterable[str]:
    """Whose world it is, of which state, from which sources: lines of HTML."""
    view = html.escape(network.graph["view"])
    state = f"{html.escape(snapshot)}; " if snapshot else ""
    content = hashlib.sha256(data.encode()).hexdigest()
    yield f"<p>View (whose world this is): <code>{view}</code>. Contested ties are dashed and stay in.</p>"
    if chosen:
        yield f"<p>Chosen: {html.escape(chosen)}.</p>"
    yield f"<p>State: {state}SHA-256 of the data in this file <code>{content[:16]}</code>.</p>"
    if credit:
        yield f"<p>Sources:</p><ul>{''.join(f'<li>{_credit(one)}</li>' for one in credit)}</ul>"


def _covered(covered: tuple[str, ...]) -> Iterable[str]:
    if covered:
        yield f"<p>Coverage:</p><ul>{''.join(f'<li>{html.escape(said)}</li>' for said in covered)}</ul>"


def _credit(one: Credit) -> str:
    parts = [one.title or one.source, one.licence or "licence not stated", one.citation]
    kept = "" if one.passed_on else " <strong>Its records may not be passed on.</strong>"
    return html.escape(". ".join(part.rstrip(".") for part in parts if part)) + "." + kept


def _json(value: object) -> str:
    """JSON that no browser takes for markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _sentence(title: str) -> str:
    return title[:1].upper() + title[1:]
