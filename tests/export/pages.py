"""Networks with the events behind them, for the interactive picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventkg.export.behind import Behind, Credit, behind
from eventkg.export.material import Material, Name, Part
from eventkg.export.network import KINDS, build

if TYPE_CHECKING:
    from eventkg.export.network import Graph

MARKUP = "<img src=x onerror=\"document.title='run'\"></script><script>document.title='run'</script>"
ARABIC = "قوات الباب الجوية"
ALPHA, DELTA = "Alpha Air Force", "Delta Coalition"
EVENTS = {  # first and last day, who took part in which role and how that stands
    "spring": ("2016-03-01", "2016-03-01", ("a", "performedBy"), ("b", "performedBy"), ("c", "target")),
    "joint": ("2017-01-22", "2017-01-22", ("a", "performedBy"), ("d", "performedBy", "Contested")),
    "campaign": ("2016-08-24", "", ("b", "performedBy"), ("c", "target")),
    "undated": ("", "", ("a", "performedBy"), ("c", "target")),
}
_ACTORS = {"a": ALPHA, "b": ARABIC, "c": MARKUP, "d": DELTA}


def known(**events: tuple[object, ...]) -> Material:
    """Four actors in these events, one of them named in Arabic and one by markup."""
    parts, spans = [], {}
    for event, (first, last, *told) in (events or EVENTS).items():
        if first:
            spans[iri(event)] = (str(first), str(last))
        for actor, role, *status in told:  # type: ignore[misc]
            parts.append(Part(iri(event), role, f"urn:{actor}", status[0] if status else "Uncontested"))
    names = {f"urn:{actor}": Name(label, "ArmedForce") for actor, label in _ACTORS.items()}
    names |= {part.event: Name(f"Strike {part.event.rpartition('/')[2]}", "AirStrike") for part in parts}
    sources = {part.event: ("example",) for part in parts}
    return Material(parts=tuple(parts), spans=spans, names=names, sources=sources)


def iri(event: str) -> str:
    """An event of ours."""
    return f"https://w3id.org/eventkg/id/event/example/{event}"


def network(kind: str = "actor-actor", material: Material | None = None) -> tuple[Graph, Behind]:
    """The network and what is behind it."""
    made, declared = material or known(), KINDS[kind]
    graph = build(declared.ties(made), made, declared.sides)
    graph.graph.update(kind=kind, view="https://w3id.org/eventkg/view/default")
    credit = Credit(
        "example", "Raids & <b>more</b> 1", "CC-BY-4.0", "Example Institute (2026)", passed_on=False
    )
    return graph, behind(declared.ties(made), made, credit=(credit,))
