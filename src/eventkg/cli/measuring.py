"""Measures of a network as tables for a person, or as CSV."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING

import click

from eventkg.cli.tables import print_table
from eventkg.errors import UsageError
from eventkg.export.cells import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventkg.export.measures import Summary
    from eventkg.export.network import Graph
    from eventkg.kg.series import Series


def print_measures(network: Graph, top: int | None, form: str) -> None:
    """Every measure and the community of every node; the figures of the whole on stderr."""
    from eventkg.export import measures  # igraph takes long to import

    found, graph = measures.measure(network), measures.simple(network)
    groups = dict(zip(graph.vs["name"], measures.communities(graph), strict=True))
    nodes = sorted(network, key=lambda node: (-found[node]["weighted_degree"], node))[:top]
    if form == "csv":
        rows = ((n, network.nodes[n]["label"], *found[n].values(), groups[n] + 1) for n in nodes)
        _print_csv(("iri", "label", *measures.MEASURES, "community"), rows)
    else:
        cells = ([f"{value:.4g}" for value in found[node].values()] for node in nodes)
        told = (
            (network.nodes[n]["label"], *c, str(groups[n] + 1)) for n, c in zip(nodes, cells, strict=True)
        )
        names = [name.replace("_", " ") for name in measures.MEASURES]
        print_table(["node", *names, "community"], told, numbers=[*names, "community"])
    click.echo(_in_words(measures.summary(network)), err=True)


def print_bounds(network: Graph, name: str, top: int | None, form: str) -> None:
    """A measure of every node without and with what is contested; both wholes on stderr."""
    from eventkg.export import measures

    if name not in measures.MEASURES:
        raise UsageError(f"--bounds: {name!r} found, one of {', '.join(measures.MEASURES)} expected")
    found = measures.bounds(network, name)
    nodes = sorted(
        network, key=lambda n: (-abs(found[n].including - found[n].without), -found[n].including, n)
    )[:top]
    labels = {node: network.nodes[node]["label"] for node in nodes}
    if form == "csv":
        rows = ((n, labels[n], name, found[n].without, found[n].including) for n in nodes)
        _print_csv(("iri", "label", "measure", "without_contested", "with_contested"), rows)
    else:
        told = (
            (
                labels[n],
                *(f"{value:.4g}" for value in found[n]),
                f"{found[n].including - found[n].without:+.4g}",
            )
            for n in nodes
        )
        columns = [f"{name} without what is contested", "with it", "difference"]
        print_table(["node", *columns], told, numbers=columns)
    for contested, words in ((False, "without"), (True, "with it")):
        click.echo(f"{words}: {_in_words(measures.summary(network, contested=contested))}", err=True)


def print_series(series: Series, top: int | None, form: str) -> None:
    """A row a node, those with most first, and a column a window; as CSV a row a value."""
    nodes = sorted(series.values, key=lambda node: (-sum(series.values[node]), node))[:top]
    if form == "csv":
        rows = (
            (node, series.labels[node], series.measure, since, until, value)
            for node in nodes
            for (since, until), value in zip(series.windows, series.values[node], strict=True)
        )
        _print_csv(("iri", "label", "measure", "since", "until", "value"), rows)
        return
    days = [since for since, _ in series.windows]
    told = ((series.labels[n], *(f"{value:.4g}" for value in series.values[n])) for n in nodes)
    print_table([f"{series.measure.replace('_', ' ')} since", *days], told, numbers=days)


def _print_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Cells that a spreadsheet would run begin with an apostrophe."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(columns)
    out.writerows([harmless(cell) for cell in row] for row in rows)


def _in_words(told: Summary) -> str:
    mixing = "" if told.assortativity is None else f"; assortativity by kind {told.assortativity:.2f}"
    return (
        f"{told.nodes} nodes, {told.edges} ties, {told.components} components, "
        f"{told.communities} communities (modularity {told.modularity:.2f}), "
        f"{len(told.bridges)} bridges{mixing}"
    )
