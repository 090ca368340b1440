"""A bundle: everything that another person needs to check a finding with another tool."""

from __future__ import annotations

import hashlib
import json
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from eventkg.claims.explaining import explain
from eventkg.export import crate, tablefiles
from eventkg.export.crate import Making, Member
from eventkg.kg import exports
from eventkg.kg.networks import ASKED_FOR_TABLES
from eventkg.model.naming import VIEW
from eventkg.query.engine import in_memory
from eventkg.query.job import Job
from eventkg.query.lexical import take_view
from eventkg.query.named import named_query, title
from eventkg.settings import VERSION
from eventkg.store.files import to_nquads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import IO

    from eventkg.export.about import About
    from eventkg.kg.exports import Choice, Chosen
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.query.pool import Running

_CHUNK = 1 << 20
_ANSWERS = {"solutions": "csv", "boolean": "csv", "graph": "ttl"}


@dataclass(slots=True)
class Bundle:
    """A folder that is being filled; what is in it, in order."""

    folder: Path
    members: list[Member] = field(default_factory=list)

    def add(self, path: str, name: str, write: Callable[[IO[bytes]], object]) -> None:
        """A file of it."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            write(out)
        total, size = hashlib.sha256(), 0
        with target.open("rb") as read:
            while chunk := read.read(_CHUNK):
                total.update(chunk)
                size += len(chunk)
        self.members.append(Member(path, name, size, total.hexdigest()))

    def put(self, path: str, name: str, data: bytes) -> None:
        """A file of what is at hand."""
        self.add(path, name, lambda out: out.write(data))


@dataclass(frozen=True, slots=True)
class Request:
    """What a bundle holds beside the graph: the day that it bears, queries (name to text), from whom."""

    day: str
    queries: Mapping[str, str] = field(default_factory=dict)
    author: str = ""
    publisher: str = ""


def fill(graph: KnowledgeGraph, folder: Path, choice: Choice, request: Request) -> About:
    """Write a bundle into an empty folder.

    Raises:
        UsageError: no such view, or nothing may be passed on. QueryError: a query that was refused.

    """
    bundle = Bundle(folder)
    chosen = exports.chosen(graph, (), choice)
    about = replace(chosen.about, title="Bundle of eventkg", snapshot=exports.snapshot(graph))
    for name, part in chosen.parts():
        bundle.add(
            f"statements/{quote(name, safe='')}.ttl",
            f"Statements of the graph {name}",
            lambda out, part=part: part.write("ttl", out, graph.limits.memory_mb, choice.progress),  # type: ignore[misc]
        )
    for name in ("events", "claims"):
        _tables(graph, name, choice, bundle)
    for name in ASKED_FOR_TABLES:
        text = named_query(name)
        bundle.put(f"queries/{name}.rq", title(text), text.encode())
    _answers(graph, request.queries, choice, chosen, bundle)
    _policy(graph, choice, bundle)
    queries = [member.path for member in bundle.members if member.path.startswith("queries/")]
    making = Making(VERSION, request.day, queries, request.author, request.publisher)
    bundle.put("LICENCES.md", "Licences and citations", crate.licences(about))
    bundle.put("README.md", "How to read and to check it", crate.readme(about, making))
    members = sorted(bundle.members)
    (folder / crate.METADATA).write_bytes(crate.metadata(members, about, making))
    bundle.put(crate.METADATA, "", (folder / crate.METADATA).read_bytes())
    (folder / crate.SUMS).write_bytes(crate.checksums(sorted(bundle.members)))
    return about


def _tables(graph: KnowledgeGraph, name: str, choice: Choice, bundle: Bundle) -> None:
    table, about = exports.table(graph, name, choice)
    file = f"{name}.csv"
    bundle.put(f"tables/{file}", f"Table of {name}", tablefiles.write(table, "csv", about))
    beside = tablefiles.beside(table, "csv", about, file) or b""
    bundle.put(f"tables/{file}-metadata.json", f"The columns of {file}", beside)


def _answers(
    graph: KnowledgeGraph, queries: Mapping[str, str], choice: Choice, chosen: Chosen, bundle: Bundle
) -> None:
    """Queries that were asked, and what they answer over the statements of the bundle."""
    if not queries:
        return
    with ExitStack() as open_:
        start: Callable[[str], Running] = lambda text: graph.start(Job(text, "csv", "ttl"), choice.view)[0]  # noqa: E731
        if chosen.about.left_out:
            quads = to_nquads(chosen.statements.quads(chosen.licences))
            pool = open_.enter_context(in_memory([quads], graph.limits))
            start = lambda text: pool.start(Job(take_view(text, VIEW)[1], "csv", "ttl"))  # noqa: E731
        for name, text in sorted(queries.items()):
            with start(text) as running:
                form = _ANSWERS[running.head().form]
                answer = b"".join(running.chunks())
            titled = title(text) if text.startswith("#") else "A query"
            bundle.put(f"queries/{name}.rq", titled, text.encode())
            bundle.put(f"answers/{name}.{form}", f"What queries/{name}.rq answers", answer)


def _policy(graph: KnowledgeGraph, choice: Choice, bundle: Bundle) -> None:
    """What it adopts, in words; its file where it has one."""
    policy = graph.policy(choice.view)
    told = {"iri": policy.iri, "name": policy.name, "label": policy.label, "adopts": explain(policy)}
    data = json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    bundle.put("policy.json", "The policy under which facts were derived", data)
    if isinstance(choice.view, Path):
        bundle.put("policy.yml", "The policy as it was written", choice.view.read_bytes())
