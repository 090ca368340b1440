"""What tests of stores on disk share: loads, dumps, and the command line in a process of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from tests import warm

from eventkg.checking.findings import Report, report
from eventkg.claims.writing import rederive
from eventkg.kg import loading
from eventkg.kg.loading import Load, Loaded
from eventkg.model.naming import GRAPH_DERIVED
from eventkg.settings import Limits
from eventkg.store.directory import current_name, hold_any, open_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
SEED = tuple(str(path) for path in sorted((ROOT / "data" / "seed").glob("*.ttl")))
UNCHECKED = 20_100  # statements, past which a load is not validated and so takes no seconds
_CHECKS = loading.check_draft, loading.check_current
COMMAND = [sys.executable, "-P", "-m", "eventkg"]


def _no_findings(*_: object) -> Report:
    return report([])


_entering = threading.Lock()
_inside = 0


@contextmanager
def unchecked() -> Iterator[None]:
    """Loads are not validated; threads may be inside together, the last to leave puts the check back."""
    global _inside
    with _entering:
        _inside += 1
        loading.check_draft = loading.check_current = _no_findings  # type: ignore[assignment]
    try:
        yield
    finally:
        with _entering:
            _inside -= 1
            if not _inside:
                loading.check_draft, loading.check_current = _CHECKS


def load(directory: Path, *files: Path | str, memory_mb: int = 2048, **request: Any) -> Loaded:
    """A load without validation, which takes seconds and is tested elsewhere."""
    with unchecked():
        wanted = Load(tuple(str(file) for file in files), **request)
        return loading.load(directory, wanted, Limits(memory_mb=memory_mb))


@cache
def _made(make: Callable[[Path], object]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="eventkg-made-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make(folder)
    return folder


def copied(folder: Path, make: Callable[[Path], object]) -> Path:
    """The folder, with a copy of what `make` writes into one: a store that is loaded once a test process."""
    return shutil.copytree(_made(make), folder, symlinks=True, dirs_exist_ok=True)


def dump(directory: Path) -> list[str]:
    """Every statement of the current checkpoint as a line of N-Quads, sorted."""
    with hold_any(directory) as checkpoint:
        return sorted(f"{quad} ." for quad in open_checkpoint(checkpoint.path))


def state(directory: Path) -> tuple[str, list[str]]:
    """The name of the current checkpoint, and what is in it."""
    return current_name(directory), dump(directory)


def in_graph(directory: Path, graph: str) -> list[str]:
    """The statements of one graph."""
    return [line for line in dump(directory) if line.endswith(f" <{graph}> .")]


def derived_from_scratch(directory: Path) -> list[str]:
    """What graph/derived ought to hold."""
    store = ox.Store()
    with hold_any(directory) as checkpoint:
        graph = ox.NamedNode(GRAPH_DERIVED)
        store.extend(q for q in open_checkpoint(checkpoint.path) if q.graph_name != graph)
    rederive(store)
    return sorted(f"{quad} ." for quad in store.quads_for_pattern(None, None, None, graph))


def many(path: Path, count: int = UNCHECKED, predicate: str = "urn:p") -> Path:
    """A file of N-Triples, each with a subject and a value of its own."""
    path.write_text("".join(f'<urn:s:{n}> <{predicate}> "value {n}" .\n' for n in range(count)))
    return path


def many_claims(path: Path, events: int) -> Path:
    """Turtle: for each event a ministry and an agency that say who did it; 15 statements an event."""
    ekg = "https://w3id.org/eventkg/ontology#"
    blocks = [f"@prefix ekg: <{ekg}> .\n@prefix : <urn:x:> .\n"]
    blocks += [
        f":e{n} a ekg:ReportedEvent .\n"
        f":p{n} a ekg:Proposition ; ekg:about :e{n} ; ekg:predicate ekg:performedBy ; ekg:object :army .\n"
        + "".join(
            f":{who}{n} a ekg:Claim ; ekg:claimant :{who} ; ekg:stance ekg:Asserts ;\n"
            f"    ekg:proposition :p{n} ;\n"
            '    ekg:claimedOn "2017-01-22"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
            for who in ("ministry", "agency")
        )
        for n in range(events)
    ]
    path.write_text("".join(blocks))
    return path


def eventkg(*arguments: str | Path, stdin: bytes = b"", folder: Path | None = None) -> tuple[int, str, str]:
    """Run the command line; exit code, stdout and stderr."""
    done = warm.run([str(argument) for argument in arguments], folder, stdin)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def started(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    """The command line in a process group of its own, stderr in a pipe."""
    command = [*COMMAND, *(str(argument) for argument in arguments)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True, env=environment, **options
    )


def drafts(directory: Path) -> list[Path]:
    """States that were not published."""
    return list((directory / "drafts").iterdir())
