"""An open knowledge graph."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from eventkg.claims.policy import DEFAULT
from eventkg.errors import UsageError
from eventkg.kg import configuration, disputes, ledger, statements, why
from eventkg.kg.files import parse_files
from eventkg.kg.policies import Shelf
from eventkg.kg.pythonic import to_python
from eventkg.kg.sources import MemorySource, RemoteSource, StoreSource
from eventkg.kg.views import Views
from eventkg.model.naming import VIEW
from eventkg.query.answers import Solutions
from eventkg.query.job import Job
from eventkg.query.lexical import take_view
from eventkg.query.named import named_query
from eventkg.store.bundled import bundled_quads, ontology_quads
from eventkg.store.files import to_nquads
from eventkg.store.versions import check_versions

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx
    import rdflib

    from eventkg.checking.findings import Report
    from eventkg.claims.policy import Policy
    from eventkg.export.only import Only
    from eventkg.kg.checks import EngineName, How
    from eventkg.kg.disputes import Comparison, Dispute
    from eventkg.kg.finding import Finder
    from eventkg.kg.importing import Imported
    from eventkg.kg.ledger import Ledger
    from eventkg.kg.policies import Known, View
    from eventkg.kg.sources import Engine, Source
    from eventkg.kg.why import Why
    from eventkg.query.engine import Mode
    from eventkg.query.pool import Pool, Running
    from eventkg.search.asked import Asked
    from eventkg.search.found import Found
    from eventkg.settings import Limits


class KnowledgeGraph:
    """An open graph; close it, or use it in a `with` block, to end its workers."""

    def __init__(self, source: Source, limits: Limits, shelf: Shelf | None = None) -> None:
        """Open a source; nothing is started before the first query."""
        self.limits = limits
        self._shelf = shelf or Shelf()
        self._source = source
        self._engine: Engine | None = None
        self._views: Views | None = None
        self._opening = threading.Lock()  # of many who ask at once one makes the views
        self._counted: tuple[str, dict[str, dict[str, int]]] = ("", {})
        self._finder: Finder | None = None

    @property
    def source(self) -> Source:
        """Where its statements are."""
        return self._source

    @property
    def engine(self) -> Engine:
        """What answers queries; the first use starts it."""
        if self._engine is None:
            self._engine = self._source.engine(self.limits)
        return self._engine

    def engine_for(self, policy: Policy) -> Engine | Pool:
        """What answers queries about one policy's world."""
        return self.engine if policy == DEFAULT else self._worlds().pool(policy)

    def read_ahead(self) -> None:
        """Have what policies judge read in the background, so that their worlds open sooner."""
        self._worlds().read_ahead()

    def _worlds(self) -> Views:
        with self._opening:
            views = self._views = self._views or Views(self.engine)
            return views

    def policy(self, view: View | None = None) -> Policy:
        """The policy of a view: of a name or an IRI, of a file (a Path), the default one if none is given.

        Raises:
            UsageError: no such policy. DataError: a file that is no policy.

        """
        return self._shelf.find(view)

    def policies(self) -> tuple[Known, ...]:
        """The policies that can be named, and what each adopts."""
        return self._shelf.known()

    def query(
        self, sparql: str, view: View | None = None, **bindings: str
    ) -> Solutions | bool | rdflib.Graph:
        """Ask a SPARQL 1.1 query; our prefixes (ekg:, actor:, event: …) need no declaration.

        Args:
            sparql: SELECT, ASK, CONSTRUCT or DESCRIBE. The default graph is the union of all graphs.
            view: the policy whose world is asked: a name (default, corroborated, all, claimant/ACTOR, one
                of your own; `policies` lists them), a Path to a policy's file, or a Policy.
            **bindings: IRIs to bind variables to, by name without the question mark.

        Returns:
            Solutions for a SELECT, bool for an ASK, an rdflib.Graph for the others.

        Raises:
            QueryError: refused or malformed; `line` and `column` from 1.
            TimeLimitError: longer than `timeout_s` seconds; the worker was killed.
            MemoryLimitError: more than `memory_mb` MiB beyond the snapshot.

        """
        bound = {name: (iri, "", "") for name, iri in bindings.items()}
        with self.start(Job(sparql, solutions="json", graph="nt", bindings=bound), view)[0] as running:
            return to_python(running.head(), b"".join(running.chunks()))

    def start(self, job: Job, view: View | None = None) -> tuple[Running, str]:
        """Begin a query in the world of a view, which FROM or a default graph may name as well.

        Returns:
            The running query, which the caller closes, and the IRI of the view's policy.

        Raises:
            UsageError: no such view, or two of them. QueryError: as `query`.

        """
        named, text = take_view(job.query, VIEW)
        graphs = [graph for graph in job.default_graphs if graph.startswith(VIEW)]
        wanted = {self._shelf.find(name) for name in (view, named, *graphs) if name}
        if len(wanted) > 1 or (graphs and len(job.default_graphs) > 1):
            raise UsageError("view: one view alone expected, with --view, FROM or default-graph-uri")
        policy = wanted.pop() if wanted else DEFAULT
        job = replace(job, query=text, default_graphs=() if graphs else job.default_graphs)
        return self.engine_for(policy).start(job), policy.iri

    def select(self, name: str, view: View | None = None, **bindings: str) -> Solutions:
        """The rows of one of our own named queries."""
        answer = self.query(named_query(name), view, **bindings)
        if not isinstance(answer, Solutions):
            raise UsageError(f"{name}: a SELECT expected")
        return answer

    def validate(
        self, shapes: Path | str | None = None, engine: EngineName = "sparql"
    ) -> tuple[bool, Report, str]:
        """Check the graph against the bundled shapes, or those of a file or folder alone.

        Args:
            shapes: a Turtle file, or a folder of them.
            engine: sparql (shapes compiled to queries) or pyshacl, which is slow and the one to compare with.

        Returns:
            (conforms, report, text): `conforms` is False where a violation was found; warnings do not count.
            `report.checked` lists every constraint that was looked at with the number of its results.

        Raises:
            ShapesError: the shapes are not well-formed.

        """
        from eventkg.kg.checks import How

        report = self.check(How(Path(shapes) if shapes else None, engine))
        return report.conforms, report, report.to_text()

    def check(self, how: How) -> Report:
        """As `validate`, told more exactly how."""
        from eventkg.kg.checks import validate, validate_checkpoint

        if isinstance(self._source, StoreSource) and how.engine == "sparql":
            with self._source.checkpoint() as checkpoint:
                return validate_checkpoint(checkpoint.path, how, self.limits)
        return validate(self.serialize("nq"), how, self.limits)

    def to_networkx(
        self, kind: str = "actor-event", view: View | None = None, only: Only | None = None
    ) -> nx.MultiDiGraph[str]:
        """A network of the events: nodes and edges carry what `eventkg.export.network.build` lists.

        Args:
            kind: actor-event, actor-actor, actor-equipment, event-place or claims.
            view: as in `query`; the IRI of its policy is the graph's attribute `view`.
            only: which events count; all of them unless told.

        Raises:
            UsageError: an unknown kind.

        """
        from eventkg.export.only import Only
        from eventkg.kg.networks import network  # networkx takes longer to import than a query to answer

        made = network(self, kind, policy := self._shelf.find(view), only or Only())
        made.graph["view"] = policy.iri
        return made

    def serialize(
        self,
        format: str = "ttl",  # noqa: A002
        graphs: Iterable[str] = (),
        view: View | None = None,
    ) -> bytes:
        """The graph as RDF in the world of a view.

        Args:
            format: ttl, nt, nq, trig, jsonld, rdfxml, ttl12 or nt12 (RDF 1.2, with reifiers).
            graphs: names such as seed or derived, or IRIs; all of them if none is given.
            view: as in `query`; its IRI stands in graph/derived as ekg:policy.

        """
        out = io.BytesIO()
        self.write(out, format, graphs, view)
        return out.getvalue()

    def write(
        self,
        out: IO[bytes],
        format: str = "ttl",  # noqa: A002
        graphs: Iterable[str] = (),
        view: View | None = None,
    ) -> None:
        """As `serialize`, to a binary file, in bounded memory."""
        statements.write(self, out, format, tuple(graphs), view)

    def stats(self) -> dict[str, dict[str, int]]:
        """Counts of triples by graph, instances by class, claims by stance, propositions by status."""
        version = self.engine.version()
        if self._counted[0] != version:
            self._counted = (version, self._count())
        return self._counted[1]

    def _count(self) -> dict[str, dict[str, int]]:
        tables = {
            "graphs": ("stats_graphs", "graph", "triples"),
            "classes": ("stats_classes", "class", "instances"),
            "stances": ("stats_stances", "stance", "claims"),
            "statuses": ("stats_statuses", "status", "propositions"),
        }
        return {
            title: {row[key]: row[number] for row in self.select(name)}
            for title, (name, key, number) in tables.items()
        }

    def claims(self, event: str, view: View | None = None) -> Ledger:
        """Who says what about an event (its slug), or about anything (an IRI), and how it stands in a view.

        Raises:
            UnknownSubjectError: nothing is known of it. UsageError: no such view.

        """
        return ledger.claims(self, event, view)

    def why(self, event: str, fact: str, view: View | None = None) -> tuple[Why, ...]:
        """Why something is a fact in a view, or is not: back to the words in a document.

        Args:
            event: as in `claims`.
            fact: an attribute, a value or number, or both: `performedBy`, `22`, `performedBy turkey`.
            view: as in `query`.

        """
        return why.why(self, event, fact, view)

    def disputed(self, view: View | None = None) -> tuple[Dispute, ...]:
        """Everything that is contested in a view, and by whom."""
        return disputes.disputed(self, view)

    def compare(self, a: View, b: View, event: str | None = None) -> Comparison:
        """What is a fact in the world of one of two policies only, or has another status there."""
        return disputes.compare(self, a, b, event)

    def import_(  # the contract's name: import is a word of Python
        self,
        source: str,
        files: Iterable[Path | str],
        **options: Any,  # noqa: ANN401  (as Import has them)
    ) -> Imported:
        """Import tables of a source into this store; later queries see them.

        Args:
            source: a name that `eventkg sources` lists, or a folder with a `source.yml`.
            files: paths; all of them or none are imported.
            **options: `release`, `max_bad` (a share), `quarantine` (a path for the wrong rows), `strict`,
                `compare`, `drop_vanished`, `dry_run`; see `eventkg.kg.importing.Import`.

        Raises:
            UsageError: this graph is no store on disk; an unknown source. SourceError, DataError: see there.

        """
        from eventkg.kg.importing import Import, import_tables

        if not isinstance(self._source, StoreSource):
            raise UsageError("import: the graph of a store on disk expected: eventkg.open(FOLDER)")
        request = Import(source, tuple(str(file) for file in files), **options)
        return import_tables(self._source.directory, request, self.limits)

    @property
    def finder(self) -> Finder:
        """The indexes of its events; none is built before somebody asks."""
        from eventkg.kg.finding import Finder  # numpy is of no use to a query

        with self._opening:
            self._finder = self._finder or Finder(self)
        return self._finder

    def find(self, asked: Asked, view: View | None = None) -> Found:
        """Events that meet every condition in the world of a view, and what else could be chosen how often.

        Raises:
            NotReadyError: the index is being built (`finder.wait` waits). UsageError: a senseless condition.

        """
        return self.finder.find(asked, self._shelf.find(view))

    def relay_circles(self) -> list[tuple[str, str]]:
        """(claim, the claim it relays) wherever relays lead back to where they began, to no speaker."""
        return [(row["claim"], row["relayed"]) for row in self.select("relay_circles")]

    def close(self) -> None:
        """End the worker processes."""
        for part in (self._finder, self._views, self._engine):
            if part is not None:
                part.close()
        self._finder = self._views = self._engine = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open(  # noqa: A001
    location: Path | str | None = None,
    snapshot: Mode = "disk",
    policies: Iterable[Policy | Path | str] = (),
    **limits: float | None,
) -> KnowledgeGraph:
    """Open a graph to ask.

    Args:
        location: the folder of a store, or the address of a SPARQL 1.1 endpoint; None for the bundled seed
            graph in memory.
        snapshot: whether a store is answered from disk, from memory once it is loaded, or from memory if
            it fits (auto).
        policies: policies of your own, or their files, to be known by name in views, FROM and HTTP.
        **limits: `timeout_s` (seconds), `memory_mb` (MiB per worker), `workers`.

    Raises:
        DataError: no store there, a damaged one, or one of another version.

    """
    chosen = configuration.limits(limits)
    shelf = Shelf(policies, configuration.policies())
    if location is None:
        return KnowledgeGraph(MemorySource(bundled_quads()), chosen, shelf)
    if str(location).startswith(("http://", "https://")):
        return KnowledgeGraph(RemoteSource(str(location), chosen), chosen, shelf)
    check_versions(Path(location))
    return KnowledgeGraph(StoreSource(Path(location), snapshot), chosen, shelf)


def read(files: Iterable[Path | str], **limits: float | None) -> KnowledgeGraph:
    """A graph of RDF files in memory, with ontology and codes; claims among them are derived from.

    Raises:
        DataError: missing, empty, malformed (with line and column) or nested too deeply; nothing is kept.

    """
    chosen = configuration.limits(limits)
    quads = parse_files([Path(file) for file in files], chosen)
    return KnowledgeGraph(MemorySource((*ontology_quads(), *quads)), chosen)


def check(
    files: list[Path], how: How | None = None, location: Path | str | None = None, **limits: float | None
) -> Report:
    """Findings in RDF files, or in a store, or in the bundled graph.

    Files are checked as they are: against the shapes given alone, or together with ontology and codes against
    the bundled shapes. There is no time limit unless somebody sets one.
    """
    from eventkg.kg.checks import How, validate_files

    chosen, timeout_s = configuration.limits(limits), configuration.told(limits).get("timeout_s")
    how = replace(how or How(), timeout_s=timeout_s)
    if not files:
        with open(location, "disk", (), **limits) as graph:
            return graph.check(how)
    words = b"" if how.shapes else to_nquads(ontology_quads())
    return validate_files(files, words, how, chosen)
