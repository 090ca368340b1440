"""Run the service until it is told to stop."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn

from eventkg.errors import UsageError
from eventkg.serve.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.kg.graph import KnowledgeGraph

_GRACE_S = 5  # seconds that open streams get after SIGTERM


def run(graph: KnowledgeGraph, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called with the address once it is bound.

    Raises:
        UsageError: the address is taken or is not this machine's.

    """
    listener = _bind(host, port)
    config = uvicorn.Config(
        create_app(graph),
        log_level="warning",
        timeout_graceful_shutdown=_GRACE_S,
        server_header=False,
        limit_concurrency=512,
    )
    name, bound = listener.getsockname()[:2]
    ready(f"http://{f'[{name}]' if ':' in name else name}:{bound}/")
    with listener:
        uvicorn.Server(config).run([listener])


def _bind(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as problem:
        raise UsageError(
            f"{host}:{port}: {str(problem.strerror).partition(' (')[0]}; a free address expected"
        ) from problem
