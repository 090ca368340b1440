"""No query reaches another host or a file: not past the lexical check, and not without it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from tests.query.test_lexical import SERVICES

from eventkg.errors import EventkgError, QueryError
from eventkg.query import pool as pool_module
from eventkg.query.job import Job

if TYPE_CHECKING:
    from tests.query.conftest import Canary

    from eventkg.query.pool import Pool


def test_the_engine_alone_would_call_the_host(canary: Canary) -> None:
    """Without this the tests below could not fail."""
    with pytest.raises(OSError, match=r"."):
        list(ox.Store().query(f"SELECT * {{ SERVICE <{canary.iri}> {{ ?s ?p ?o }} }}"))  # type: ignore[arg-type]
    assert canary.called()


def test_no_spelling_of_service_calls_a_host(pool: Pool, canary: Canary) -> None:
    for query in SERVICES.values():
        with pytest.raises(QueryError):
            pool.ask(Job(query.replace("@", canary.iri)))
    assert not canary.called()


def test_a_worker_calls_no_host_even_where_the_check_is_fooled(
    pool: Pool, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "check_query", lambda _: None)
    for query in SERVICES.values():
        with contextlib.suppress(EventkgError):
            pool.ask(Job(query.replace("@", canary.iri)))
    assert not canary.called()
    assert b"true" in pool.ask(Job("ASK { ?s ?p ?o }"))[1]


def test_a_graph_that_is_named_by_an_address_is_not_fetched(pool: Pool, canary: Canary) -> None:
    query = f"SELECT * FROM <{canary.iri}> FROM NAMED <{canary.iri}> {{ ?s ?p ?o }}"
    assert b'"bindings":[]' in pool.ask(Job(query))[1]
    assert b'"bindings":[]' in pool.ask(Job("SELECT * { ?s ?p ?o }", default_graphs=(canary.iri,)))[1]
    assert not canary.called()
