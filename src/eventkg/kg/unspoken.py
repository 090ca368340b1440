"""Events of data sets that one world has other facts of than another, though nobody else speaks of them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from eventkg.claims.columns import bare, in_columns, value
from eventkg.claims.policy import DEFAULT
from eventkg.claims.worlds import is_costly
from eventkg.query.job import Job
from eventkg.query.named import named_query

if TYPE_CHECKING:
    from eventkg.claims.policy import Policy
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View


def given_otherwise(graph: KnowledgeGraph, a: View, b: View) -> list[str]:
    """The events of data sets that lost facts in one of two worlds and not in the other, or other ones.

    A world only ever loses facts of data sets against the default one, so counting them is enough. Events
    that lost as many in both come last: it may be others.
    """
    policies = (graph.policy(a), graph.policy(b))
    if policies[0] == policies[1] or not any(map(is_costly, policies)):
        return []
    usual = _given(graph, DEFAULT)
    here, there = (_given(graph, policy) if is_costly(policy) else usual for policy in policies)
    found = []
    for event, facts in usual.items():
        ours, theirs = here.get(event, 0), there.get(event, 0)
        if not facts == ours == theirs:
            found.append((ours == theirs, event))
    return [event for _, event in sorted(found)]


def _given(graph: KnowledgeGraph, policy: Policy) -> dict[str, int]:
    """How many facts each event has in the graphs that convey it."""
    running, _ = graph.start(Job(named_query("ledger_given"), solutions="tsv"), policy)
    with running:
        running.head()
        rows = in_columns(io.BytesIO(b"".join(running.chunks())))
    return {bare(event): int(value(facts).text) for event, facts in rows}
