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
Event = tuple[
    str, str, tuple[tuple[str, str, str], ...]
]  # first and last day; who, in which role, how it stands
_SURE, _DENIED = "Uncontested", "Contested"
EVENTS: dict[str, Event] = {
    "spring": (
        "2016-03-01", "2016-03-01",
        (("a", "performedBy", _SURE), ("b", "performedBy", _SURE), ("c", "target", _SURE)),
    ),
    "joint": ("2017-01-22", "2017-01-22", (("a", "performedBy", _SURE), ("d", "performedBy", _DENIED))),
    "campaign": ("2016-08-24", "", (("b", "performedBy", _SURE), ("c", "target", _SURE))),
    "undated": ("", "", (("a", "performedBy", _SURE), ("c", "target", _SURE))),
}  # fmt: skip
_ACTORS = {"a": ALPHA, "b": ARABIC, "c": MARKUP, "d": DELTA}


def known(**events: Event) -> Material:
    """Four actors in these events, one of them named in Arabic and one by markup."""
    chosen = events or EVENTS
    parts = [
        Part(iri(event), role, f"urn:{actor}", status)
        for event, (_, _, told) in chosen.items()
        for actor, role, status in told
    ]
    spans = {iri(event): (first, last) for event, (first, last, _) in chosen.items() if first}
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


def crowd(number: int) -> Material:
    """An actor who performed so many events, each with the one and only target of its own."""
    events = [f"urn:e{n}" for n in range(number)]
    parts = [Part(event, "performedBy", "urn:hub", _SURE) for event in events]
    parts += [Part(event, "target", f"urn:t{n}", _SURE) for n, event in enumerate(events)]
    names = {"urn:hub": Name("Hub", "ArmedForce")}
    names |= {f"urn:t{n}": Name(f"Target {n}", "ArmedGroup") for n in range(number)}
    return Material(parts=tuple(parts), names=names)
