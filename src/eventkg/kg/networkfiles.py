"""A network of an open graph as bytes in each form that the service gives: for the page, and as files."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from eventkg.errors import UsageError
from eventkg.kg.coverage import coverage

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.export.behind import Behind, Credit
    from eventkg.export.network import Graph
    from eventkg.export.only import Only
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View

    Json = dict[str, Any]

STRONGEST = 200  # ties that the list has
_CHOOSE = "since, until, place, actor and source choose"
_COLUMNS = 120  # nodes that three columns of a picture can hold


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which network: of which kind, of which events, in whose world."""

    kind: str
    only: Only
    view: View


class Form(NamedTuple):
    """How a network is given: the ending of a file's name, its media type, and what makes it."""

    extension: str
    media_type: str
    make: Callable[[KnowledgeGraph, Wanted], bytes]


def write(graph: KnowledgeGraph, form: str, wanted: Wanted) -> bytes:
    """The network in a form of `FORMS`; the same state gives the same bytes.

    Raises:
        UsageError: no such kind or view, more nodes than the form can show, or nothing may be passed on.

    """
    return FORMS[form].make(graph, wanted)


def _page(graph: KnowledgeGraph, wanted: Wanted) -> bytes:
    """What web/src/explorer/network.ts draws, and what stands at its foot."""
    from eventkg.export import interactive
    from eventkg.kg import drawing

    network, behind = drawing.network_behind(graph, wanted.kind, wanted.view, wanted.only)
    _check(network, interactive.MOST, "drawn in a browser")
    told = _told(graph, network, behind.credits, wanted)
    return _json({**told, "network": interactive.columns(network, behind)})


def _ties(graph: KnowledgeGraph, wanted: Wanted) -> bytes:
    """The strongest ties, as a table without script shows them."""
    from eventkg.export.network import kind_of

    network, credit = _with_credits(graph, wanted)
    kind = kind_of(wanted.kind)
    edges = sorted(network.edges(data=True), key=lambda e: (-e[2]["weight"], e[0], e[2]["role"], e[1]))
    shown = [
        {
            "source": {"iri": source, "label": network.nodes[source]["label"]},
            "role": data["role"],
            "target": {"iri": target, "label": network.nodes[target]["label"]},
            "weight": data["weight"],
            "contested": data[f"contested_{kind.unit}s"],
            "status": data["status"],
        }
        for source, target, data in edges[:STRONGEST]
    ]
    return _json({**_told(graph, network, credit, wanted), "unit": kind.unit, "strongest": shown})


def _html(graph: KnowledgeGraph, wanted: Wanted) -> bytes:
    from eventkg.export import interactive
    from eventkg.kg import drawing

    network, behind = drawing.network_behind(graph, wanted.kind, wanted.view, wanted.only)
    _check(network, interactive.MOST, "drawn in a browser")
    return interactive.write(
        network,
        behind,
        chosen=str(wanted.only),
        snapshot=drawing.state_of(graph),
        covered=_covered(graph, wanted),
    )


def _picture(graph: KnowledgeGraph, wanted: Wanted, form: str) -> bytes:
    from eventkg.export import picture, spread  # matplotlib takes long to import
    from eventkg.export.chart import Foot
    from eventkg.kg.drawing import state_of

    network, credit = _with_credits(graph, wanted)
    _check(network, spread.MOST, "drawn")
    told = _told(graph, network, credit, wanted)
    foot = Foot(told["view"], str(wanted.only), state_of(graph), credit, _covered(graph, wanted))
    said = foot.lines(told["empty"]) if told["empty"] else foot.lines()
    out = io.BytesIO()
    in_columns = wanted.kind == "actor-event" and len(network) <= _COLUMNS
    drawn = picture if in_columns else spread
    drawn.draw(network, out, form=form, foot=said)
    return out.getvalue()


def _png(graph: KnowledgeGraph, wanted: Wanted) -> bytes:
    return _picture(graph, wanted, "png")


def _svg(graph: KnowledgeGraph, wanted: Wanted) -> bytes:
    return _picture(graph, wanted, "svg")


def _file(form: str) -> Callable[[KnowledgeGraph, Wanted], bytes]:
    """A file of another tool: without what may not be passed on."""

    def make(graph: KnowledgeGraph, wanted: Wanted) -> bytes:
        from eventkg.export import netfiles
        from eventkg.kg import exports

        network, about = exports.network(graph, wanted.kind, exports.Choice(wanted.view, wanted.only))
        scope = "; ".join(_covered(graph, wanted))
        chosen = f" ({wanted.only})" if wanted.only else ""
        title = f"{about.title}{chosen}" + (f". {scope}" if scope else "")
        return netfiles.write(network, form, replace(about, title=title))

    return make


FORMS = {
    "json": Form(".json", "application/json", _page),
    "ties": Form(".json", "application/json", _ties),
    "html": Form(".html", "text/html; charset=utf-8", _html),
    "svg": Form(".svg", "image/svg+xml", _svg),
    "png": Form(".png", "image/png", _png),
    "gexf": Form(".gexf", "application/gexf+xml", _file("gexf")),
    "graphml": Form(".graphml", "application/graphml+xml", _file("graphml")),
    "cyjs": Form(".cyjs", "application/json", _file("cytoscape")),
    "csv": Form(".zip", "application/zip", _file("edges")),
}


def _with_credits(graph: KnowledgeGraph, wanted: Wanted) -> tuple[Graph, tuple[Credit, ...]]:
    from eventkg.kg import drawing

    network, behind = drawing.network_behind(graph, wanted.kind, wanted.view, wanted.only)
    told: Behind = behind
    return network, told.credits


def _check(network: Graph, most: int, done: str) -> None:
    if len(network) > most:
        raise UsageError(
            f"network: {len(network):,} nodes found, at most {most:,} can be {done}; {_CHOOSE}, "
            "GEXF and GraphML take them all"
        )


def _told(graph: KnowledgeGraph, network: Graph, credit: tuple[Credit, ...], wanted: Wanted) -> Json:
    """Whose world, of which state, how much of it, from which sources; why there is nothing, if so."""
    from eventkg.kg.drawing import state_of

    empty = "" if len(network) else coverage(graph, wanted.only, wanted.view).line()
    return {
        "view": network.graph["view"],
        "kind": wanted.kind,
        "chosen": str(wanted.only),
        "state": state_of(graph),
        "nodes": len(network),
        "ties": network.number_of_edges(),
        "credits": [one._asdict() for one in credit],
        "covered": _covered(graph, wanted),
        "empty": empty,
    }


def _covered(graph: KnowledgeGraph, wanted: Wanted) -> tuple[str, ...]:
    return coverage(graph, wanted.only, wanted.view).told()


def _json(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
