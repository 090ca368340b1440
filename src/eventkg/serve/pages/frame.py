"""What stands around every page: the worlds to choose from, what the sources cover. Asked once a state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.kg.coverage import coverage
from eventkg.kg.drawing import state_of
from eventkg.kg.sources import RemoteEngine
from eventkg.model.naming import BASE, VIEW

if TYPE_CHECKING:
    from eventkg.kg.coverage import Covered
    from eventkg.kg.graph import KnowledgeGraph

_ACTOR = f"{BASE}id/actor/"


@dataclass(frozen=True, slots=True)
class World:
    """A view that can be chosen: its name, what it is called, what it adopts."""

    name: str
    label: str
    adopts: str


@dataclass(frozen=True, slots=True)
class Frame:
    """For one state of the graph: its policies, the actors who speak, the coverage of its sources."""

    worlds: tuple[World, ...] = ()
    claimants: tuple[World, ...] = ()
    covered: tuple[Covered, ...] = ()
    state: str = ""


def framed(graph: KnowledgeGraph) -> Frame:
    """The frame of the current state, for a few queries.

    Raises:
        EventkgError: one of them could not be answered.

    """
    from eventkg.export.only import Only

    return Frame(
        tuple(_worlds(graph)),
        tuple(_claimants(graph)),
        coverage(graph, Only()).covered,
        "" if isinstance(graph.engine, RemoteEngine) else state_of(graph),
    )


def _worlds(graph: KnowledgeGraph) -> list[World]:
    """Those with a name of their own; the forms with capitals are not."""
    named = [known for known in graph.policies() if known.name == known.name.lower()]
    return [World(known.name, known.label, known.adopts) for known in named]


def _claimants(graph: KnowledgeGraph) -> list[World]:
    rows = [row for row in graph.select("claimants") if row["actor"].startswith(_ACTOR)]
    return [
        World(f"claimant/{row['actor'].removeprefix(_ACTOR)}", row["label"] or row["actor"], "")
        for row in rows
    ]


def name_of(policy: str) -> str:
    """`claimant/pentagon` for the IRI of that policy."""
    return policy.removeprefix(VIEW)
