"""A worker that passes queries on to a SPARQL 1.1 endpoint.

`python -m eventkg.query.remoteworker ADDRESS MEMORY_MB URL`. It is killed at its deadline and memory limit
like any other, whatever the endpoint does. Queries go by POST of a form, which every endpoint understands
(Virtuoso never answers a direct POST); redirects are not followed.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING, NoReturn

import httpx
import pyoxigraph as ox

from eventkg.model.naming import PREFIXES
from eventkg.query import frames
from eventkg.query.binding import bound
from eventkg.query.channel import connected
from eventkg.query.job import GRAPHS, SOLUTIONS, Format, Job
from eventkg.query.lexical import query_form
from eventkg.query.worker import FrameWriter
from eventkg.store.process import die_with_parent, ignore_interrupts, limit_memory

if TYPE_CHECKING:
    import socket

_TIMEOUT = httpx.Timeout(None)  # the pool's deadline decides
_MAX_COMPLAINT = 300  # characters of an endpoint's error that are passed on
_OTHER_NAMES = {
    "application/json": "application/sparql-results+json",
    "text/n-triples": "application/n-triples",
}


def main() -> None:
    """Ask until the socket closes."""
    sock = connected(sys.argv[1])
    memory_mb, url = int(sys.argv[2]), sys.argv[3]
    die_with_parent()
    ignore_interrupts()
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False) as client:
        limit_memory(memory_mb)
        _serve(sock, client, url)


def _serve(sock: socket.socket, client: httpx.Client, url: str) -> NoReturn:
    while True:
        try:
            _, payload = frames.receive(sock)
        except EOFError:
            os._exit(0)
        job = Job.from_bytes(payload)
        try:
            _pass_on(sock, client, url, job)
        except (BrokenPipeError, ConnectionResetError):
            os._exit(0)
        except (httpx.HTTPError, ValueError, KeyError) as problem:
            frames.send_json(sock, frames.ERROR, {"kind": "remote", "message": f"{url}: {problem}"})


def _pass_on(sock: socket.socket, client: httpx.Client, url: str, job: Job) -> None:
    form = query_form(job.query)
    name, known = (job.graph, GRAPHS) if form == "graph" else (job.solutions, SOLUTIONS)
    if name not in known:
        frames.send_json(sock, frames.ERROR, {"kind": "not-acceptable", "message": form})
        return
    expected = SOLUTIONS["json"].media_type if form == "boolean" else known[name].media_type
    with client.stream("POST", url, data=_fields(job), headers={"Accept": expected}) as response:
        if response.status_code != httpx.codes.OK:
            frames.send_json(sock, frames.ERROR, _complaint(url, response))
            return
        found = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if _OTHER_NAMES.get(found, found) != expected:
            raise ValueError(f"{found or 'no media type'} found, {expected} expected")
        writer = FrameWriter(sock, form, known[name].media_type, counted=job.counted)
        if form == "boolean":
            writer.write(_boolean(response.read(), known[name]))
            writer.finish()
            return
        for chunk in response.iter_bytes():
            writer.write(chunk)
        writer.finish()


def _boolean(body: bytes, chosen: Format) -> bytes:
    """The answer to an ASK; Virtuoso 7.2 gives it as rows of a variable of its own, none of them for no."""
    said = json.loads(body)
    if "boolean" not in said and said["head"]["vars"] != ["__ASK_RETVAL"]:
        raise ValueError("an answer without a boolean found")
    truth = json.dumps(
        {"head": {}, "boolean": said.get("boolean", bool(said.get("results", {}).get("bindings")))}
    )
    answer = ox.parse_query_results(truth, format=ox.QueryResultsFormat.JSON)
    return answer.serialize(format=getattr(ox.QueryResultsFormat, chosen.engine_name)) or b""


def _fields(job: Job) -> dict[str, str | list[str]]:
    """Our prefixes are declared on the query's first line, so that its line numbers stay."""
    query = bound(job.query, job.bindings)
    declared = "".join(
        f"PREFIX {prefix}: <{namespace}> "
        for prefix, namespace in PREFIXES.items()
        if re.search(rf"(?<![\w:]){prefix}:", query)
        and not re.search(rf"PREFIX\s+{prefix}\s*:", query, re.IGNORECASE)
    )
    fields: dict[str, str | list[str]] = {"query": declared + query}
    if job.default_graphs:
        fields["default-graph-uri"] = list(job.default_graphs)
    if job.named_graphs:
        fields["named-graph-uri"] = list(job.named_graphs)
    return fields


def _complaint(url: str, response: httpx.Response) -> dict[str, object]:
    """The endpoint's own words, in one line."""
    text = " ".join(response.read().decode("utf-8", "replace").split())[:_MAX_COMPLAINT]
    kind = "query" if response.status_code == httpx.codes.BAD_REQUEST else "remote"
    said = f": {text}" if text else ""
    return {"kind": kind, "message": f"{url}: HTTP {response.status_code}{said}"}


if __name__ == "__main__":
    main()
