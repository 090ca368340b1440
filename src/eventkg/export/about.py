"""What a file says about itself: whose world it is, of which state, whose data, under which licences."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from eventkg.model.naming import GRAPH, VIEW

_SPDX = "https://spdx.org/licenses/"


class Credit(NamedTuple):
    """The terms of a data set or of a part of one; what is not known is empty.

    `licence` is an address or a name; `graph` and `dataset` are IRIs.
    """

    graph: str
    title: str
    licence: str
    citation: str
    dataset: str = ""
    release: str = ""
    homepage: str = ""
    share_alike: bool = False

    @property
    def name(self) -> str:
        """Title and release."""
        return f"{self.title} {self.release}".strip()

    def __str__(self) -> str:
        """A line for a person."""
        terms = short_licence(self.licence) or "no licence stated"
        shared = ", share-alike" if self.share_alike else ""
        cited = f": {self.citation}" if self.citation else ""
        return f"{self.name} ({terms}{shared}){cited}"


@dataclass(frozen=True, slots=True)
class About:
    """`view` is a policy's IRI; `left_out` are the graphs (IRIs) that may not be passed on and are not there.

    `snapshot` names the state of the graph; `title` says what the file holds. `coverage` says of each data
    set which days and places it covers, where that was asked for.
    """

    view: str
    title: str = ""
    snapshot: str = ""
    credits: tuple[Credit, ...] = ()
    left_out: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()

    @property
    def licences(self) -> tuple[str, ...]:
        """Each once, in order."""
        return tuple(sorted({credit.licence for credit in self.credits if credit.licence}))

    def facts(self) -> dict[str, str]:
        """By name, as text: for formats that hold names and values; nothing is empty."""
        told = {
            "title": self.title,
            "view": self.view,
            "snapshot": self.snapshot,
            "licences": "; ".join(map(short_licence, self.licences)),
            "sources": "\n".join(map(str, self.credits)),
            "left_out": "; ".join(map(short_graph, self.left_out)),
            "coverage": "\n".join(self.coverage),
        }
        return {name: text for name, text in told.items() if text}

    def members(self) -> dict[str, object]:
        """For JSON."""
        told = {"title": self.title, "view": self.view, "snapshot": self.snapshot}
        return {
            **{name: text for name, text in told.items() if text},
            "licences": list(self.licences),
            "sources": [
                {name: value for name, value in credit._asdict().items() if value} for credit in self.credits
            ],
            **({"left_out": list(self.left_out)} if self.left_out else {}),
            **({"coverage": list(self.coverage)} if self.coverage else {}),
        }

    def lines(self) -> tuple[str, ...]:
        """For a person, each a line: comments and descriptions."""
        told = [self.title] if self.title else []
        told.append(f"view {short_view(self.view)} <{self.view}>")
        if self.snapshot:
            told.append(f"snapshot {self.snapshot}")
        told += [f"source: {credit}" for credit in self.credits]
        told += [f"coverage: {words}" for words in self.coverage]
        if self.left_out:
            told.append(f"left out, may not be passed on: {', '.join(map(short_graph, self.left_out))}")
        return tuple(" ".join(line.split()) for line in told)

    def document(self) -> bytes:
        """JSON, for a file beside one that has no room."""
        return json.dumps(self.members(), ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def short_licence(licence: str) -> str:
    """`CC-BY-4.0` for SPDX's address of it."""
    return licence.removeprefix(_SPDX)


def short_graph(graph: str) -> str:
    """`seed` for a graph of ours."""
    return graph.removeprefix(GRAPH)


def short_view(view: str) -> str:
    """`default` for the IRI of its policy."""
    return view.removeprefix(VIEW)
