"""Validation with the bundled shapes beside other validators, on the same data, in one run.

python -m benchmarks.validation [SMALL [MIDDLE [LARGE …]]]     1,000, 10,000 and 100,000 events unless told

Times are CPU seconds, and seconds on the clock, of the process that validates, with what it takes to read
data and shapes; memory is the most that it held, beside what it held when the data were read. Peers are left
out where they are not installed (pyshifty and pyrudof: `pip install pyshifty pyrudof`).
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generator import quads
from eventkg.settings import resources

_RUN = {
    "eventkg": """
import sys
from eventkg.checking import engine
from eventkg.checking.intake import written_data
from eventkg.checking.shapesgraph import read_shapes_graph
from eventkg.store.files import read_quads
from pathlib import Path
data = written_data(read_quads(Path(sys.argv[1]), ""))
rss("loaded")
how = engine.How(threads=engine.processors())
print(len(engine.check(data, read_shapes_graph(Path(sys.argv[2])), how).findings))
""",
    "pyshacl": """
import sys, rdflib, pyshacl
data, shapes = rdflib.Graph().parse(sys.argv[1], format="nt"), rdflib.Graph().parse(sys.argv[2])
print(len(list(pyshacl.validate(data, shacl_graph=shapes)[1].objects(None, rdflib.SH.result))))
""",
    "pyshifty": """
import pathlib, sys, rdflib, shifty
data, shapes = map(pathlib.Path, sys.argv[1:3])
print(len(list(shifty.validate(data, shapes, infer=False)[1].objects(None, rdflib.SH.result))))
""",
    "pyrudof": """
import sys, pyrudof
rudof = pyrudof.Rudof(pyrudof.RudofConfig())
rudof.read_data(sys.argv[1], format=pyrudof.RDFFormat.NTriples)
rudof.read_shacl(sys.argv[2])
print(len(rudof.validate_shacl()))
""",
}
_HEAD = """
import resource, sys
def rss(what):
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if what == "loaded":
        lines = open("/proc/self/status").read().splitlines()
        held = int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024
    print(what, held, file=sys.stderr)
"""
_LIMITS_S = {"pyshacl": 3_600}  # others: 900


def main() -> None:
    """Print a line for each validator and size."""
    sizes = [int(text) for text in sys.argv[1:]] or [1_000, 10_000, 100_000]
    peers = (("pyshacl", "pyshifty", "pyrudof"), ("pyshifty", "pyrudof"))
    with tempfile.TemporaryDirectory(prefix="eventkg-bench-") as folder:
        shapes = Path(folder) / "shapes.ttl"
        shapes.write_text(
            "\n".join(file.read_text() for file in sorted((resources() / "shapes").glob("*.ttl")))
        )
        for number, events in enumerate(sizes):
            data = Path(folder) / f"{events}.nt"
            _write(data, events)
            ours = _measure("eventkg", data, shapes)
            for name in peers[number] if number < len(peers) else ():
                theirs = _measure(name, data, shapes)
                if ours and theirs:
                    print(f"    eventkg is {theirs / ours:.1f} times as fast as {name}")


def _write(target: Path, events: int) -> None:
    """N-Triples: no peer reads named graphs."""
    ontology = "".join(
        subprocess.run(
            [sys.executable, "-m", "eventkg", "export", "nt", "--graph", name, "-o", "-"],
            capture_output=True, text=True, check=True,
        ).stdout
        for name in ("ontology", "codes")
    )  # fmt: skip
    with target.open("w", encoding="utf-8") as stream:
        stream.write(ontology)
        stream.writelines(f"{line.rsplit(' ', 2)[0]} .\n" for line in quads(events, contested=0.1))


def _measure(name: str, data: Path, shapes: Path) -> float | None:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    limit = _LIMITS_S.get(name, 900)
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-c",
        _HEAD + _RUN[name] + 'rss("peak")',
        str(data),
        str(shapes),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=limit)
    except subprocess.TimeoutExpired:
        print(f"{data.stem:>8} events {name:>9}: not done within {limit} s")
        return None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        print(f"{data.stem:>8} events {name:>9}: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
        return None
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    wall = time.monotonic() - started
    memory = ", ".join(line for line in done.stderr.splitlines() if line.startswith(("loaded", "peak")))
    print(
        f"{data.stem:>8} events {name:>9}: {seconds:7.1f} s CPU, {wall:7.1f} s, "
        f"{done.stdout.strip()} results; MB: {memory}",
        flush=True,
    )
    return seconds


if __name__ == "__main__":
    main()
