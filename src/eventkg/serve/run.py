"""Run the service until it is told to stop."""

from __future__ import annotations

import gc
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from eventkg.errors import UsageError
from eventkg.kg.sources import RemoteSource
from eventkg.serve.app import create_app
from eventkg.serve.connections import patient_protocol
from eventkg.serve.direct import Direct
from eventkg.serve.pages import overview
from eventkg.serve.service import Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.scribe import Scribe

_SWITCH_S = 0.0005  # a thread with an answer waits no longer for the interpreter; 5 ms is Python's own
_SELDOM = 20_000  # new objects before the rest is looked through: a request leaves no circles behind
_IDLE_S = 30  # seconds that a connection may be idle between two requests
_GRACE_S = 5  # seconds that open streams get after SIGTERM


def run(  # noqa: PLR0913  (one call, all of it needed)
    graph: KnowledgeGraph,
    host: str,
    port: int,
    ready: Callable[[str], None],
    options: Options | None = None,
    scribe: Scribe | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called with the address once it is bound.

    Raises:
        UsageError: the address is taken or is not this machine's.

    """
    chosen = options or Options()
    sys.setswitchinterval(_SWITCH_S)
    listener = _bind(host, port)
    gc.freeze()  # what is here now stays, and need not be looked through again and again
    gc.set_threshold(_SELDOM)
    graph.engine.version()  # so that the first request finds it started
    if not chosen.plain and not isinstance(graph.source, RemoteSource):
        graph.finder.prepare(graph.policy())
        graph.read_ahead()
    app = create_app(graph, chosen, scribe)
    config = uvicorn.Config(
        Direct(app),
        http=patient_protocol(chosen.body_timeout_s, chosen.max_connections, app.state.again),
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_GRACE_S,
        server_header=False,
        timeout_keep_alive=_IDLE_S,
    )
    overview.prepare(app)
    name, bound = listener.getsockname()[:2]
    ready(f"http://{f'[{name}]' if ':' in name else name}:{bound}/")
    with listener:
        uvicorn.Server(config).run([listener])


def _bind(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=512)
    except OSError as problem:
        raise UsageError(
            f"{host}:{port}: {str(problem.strerror).partition(' (')[0]}; a free address expected"
        ) from problem
    # Its connections inherit this; asyncio would not set it, and each answer would wait 40 ms for an ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
