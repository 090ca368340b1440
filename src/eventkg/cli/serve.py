"""`eventkg serve`: the SPARQL endpoint and its pages."""

from __future__ import annotations

import os
import tempfile
import webbrowser
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path

import click

from eventkg.cli import options
from eventkg.errors import DataError, UsageError
from eventkg.kg import graph as kg
from eventkg.kg.scribe import Scribe
from eventkg.kg.updating import create
from eventkg.query.engine import Mode
from eventkg.query.fetching import Outside
from eventkg.serve.run import run
from eventkg.serve.service import Options


@click.command("serve", short_help="Answer SPARQL over HTTP.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=7878, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option("--open", "open_page", is_flag=True, help="Open the start page in a browser.")
@click.option(
    "--snapshot",
    type=click.Choice(("auto", "memory", "disk")),
    default="auto",
    show_default=True,
    help="Answer from memory once the store is loaded, from disk only, or from memory if it fits.",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A policy of your own, served as a view by its name; may be repeated.",
)
@click.option("--allow-update", is_flag=True, help="Take SPARQL updates and graphs; needs -l.")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Holds the token that writers send; or set EVENTKG_TOKEN.",
)
@click.option(
    "--default-graph",
    type=click.Choice(("union", "exclusive")),
    default="union",
    show_default=True,
    help="Exclusive: a plain SPARQL store, in which nothing is derived, named or added.",
)
@click.option(
    "--cors", multiple=True, metavar="ORIGIN", help="A site whose pages may read answers; * for all."
)
@click.option(
    "--send-timeout-s",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    help="Give up on a client that takes nothing for so long.",
)
@click.option(
    "--body-timeout-s",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    help="Give up on a client that sends nothing for so long.",
)
@click.option(
    "--max-connections", type=click.IntRange(1), default=512, show_default=True, help="More are sent away."
)
@click.option(
    "--max-queue",
    type=click.IntRange(0),
    default=256,
    show_default=True,
    help="Queries that may wait for a worker; more are sent away.",
)
@click.option(
    "--max-upload-mb", type=click.IntRange(1), default=1024, show_default=True, help="Largest graph, as sent."
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="A host that SERVICE and LOAD may ask: name, name:port, address or network; none unless told.",
)
@click.option("--log", is_flag=True, help="Write a line of JSON for each request to standard error.")
@click.option("--log-queries", is_flag=True, help="The same with the text of queries and updates.")
@options.limits
@options.location
def command(
    location: Path | None,
    store: str | None,
    host: str,
    port: int,
    open_page: bool,
    snapshot: Mode,
    policies: tuple[Path, ...],
    allow_update: bool,
    token_file: Path | None,
    default_graph: str,
    cors: tuple[str, ...],
    send_timeout_s: float,
    body_timeout_s: float,
    max_connections: int,
    max_queue: int,
    max_upload_mb: int,
    hosts: tuple[str, ...],
    log: bool,
    log_queries: bool,
    timeout_s: float | None,
    memory_mb: int | None,
) -> None:
    """Serve the graph: pages at /, SPARQL at /sparql, the API at /docs. Read-only unless told.

    \b
    eventkg serve --open
    curl -G http://127.0.0.1:7878/sparql --data-urlencode 'query=ASK { ?e a ekg:AirStrike }'
    eventkg serve -l war --allow-update --token-file token
    """
    plain = default_graph == "exclusive"
    chosen = Options(
        allow_update=allow_update,
        token=_token(token_file, host) if allow_update else "",
        plain=plain,
        cors=cors,
        send_timeout_s=send_timeout_s,
        body_timeout_s=body_timeout_s,
        max_connections=max_connections,
        max_waiting=max_queue,
        max_upload=max_upload_mb << 20,
        hosts=hosts,
        log=log,
        log_queries=log_queries,
    )

    def ready(address: str) -> None:
        click.echo(f"eventkg: serving {address} (Ctrl-C stops)", err=True)
        if open_page:
            webbrowser.open(address)

    with ExitStack() as stack:
        where = options.one_location(location, store)
        if plain and where is None:
            where = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="eventkg-"))) / "store"
            create(where)
        _check_place(where, allow_update=allow_update, plain=plain)
        graph = stack.enter_context(
            kg.open(where, snapshot, policies, timeout_s=timeout_s, memory_mb=memory_mb)
        )
        outside = Outside(hosts, graph.limits, chosen.max_upload)
        outside.check()
        graph.policies()  # a folder of them with a mistake in it is found now, not by a visitor
        scribe = Scribe(where, graph.limits, outside) if allow_update and isinstance(where, Path) else None
        if scribe is not None:
            stack.callback(scribe.close)
        run(graph, host, port, ready, chosen, scribe)


def _check_place(where: Path | str | None, *, allow_update: bool, plain: bool) -> None:
    """A store on disk is what can be written; one that is not there yet is made, empty.

    Raises:
        UsageError: there is none to write to, or an endpoint that is not ours.

    """
    if isinstance(where, str) and (allow_update or plain):
        raise UsageError("--store: an endpoint found, a folder (-l DIR) expected with these options")
    if allow_update and where is None:
        raise UsageError("--allow-update: no store found, -l DIR expected")
    if allow_update and isinstance(where, Path) and (not where.exists() or not any(where.iterdir())):
        create(where)


def _token(file: Path | None, host: str) -> str:
    """What writers must send; may be empty only where nobody but this machine is served.

    Raises:
        UsageError: none where one is needed. DataError: a file that cannot be read, or is empty.

    """
    token = os.environ.get("EVENTKG_TOKEN", "").strip()
    if file is not None:
        try:
            token = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as problem:
            raise DataError(f"{file}: {getattr(problem, 'strerror', None) or problem}") from problem
        if not token:
            raise DataError(f"{file}: nothing found, a token expected")
    if not token and not _is_loopback(host):
        raise UsageError(f"--allow-update on {host}: no token found, --token-file or EVENTKG_TOKEN expected")
    return token


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
