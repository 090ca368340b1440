"""Measures on the command line: as a table, as CSV that a spreadsheet does not run, over time."""

from __future__ import annotations

import csv
import io
import sys

import pytest
from click.testing import CliRunner
from tests.export.networks import network, part

from eventkg.cli import cli
from eventkg.cli.measuring import print_bounds, print_measures
from eventkg.cli.progress import steps
from eventkg.errors import UsageError
from eventkg.export.measures import MEASURES


def ran(*arguments: str) -> tuple[str, str]:
    done = CliRunner().invoke(
        cli, ("network", "--kind", "actor-actor", *arguments), standalone_mode=False, catch_exceptions=False
    )
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    ("arguments", "columns", "rows"),
    [
        ("--measures", ["iri", "label", *MEASURES, "community"], 10),
        ("--bounds degree", ["iri", "label", "measure", "without_contested", "with_contested"], 10),
        ("--bounds closeness --top 2", ["iri", "label", "measure", "without_contested", "with_contested"], 2),
        ("--measure degree --every quarter", ["iri", "label", "measure", "since", "until", "value"], 30),
        ("--measure core --every year --top 1", ["iri", "label", "measure", "since", "until", "value"], 2),
    ],
)
def test_measures_are_written_as_csv(arguments: str, columns: list[str], rows: int) -> None:
    table = list(csv.reader(io.StringIO(ran(*arguments.split(), "--format", "csv")[0])))
    assert table[0] == columns
    assert len(table) == rows + 1


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_has_bounds_and_the_whole_has_them_too(name: str) -> None:
    out, err = ran("--bounds", name)
    assert f"{name} without what is contested" in out
    assert "without: 10 nodes, 9 ties, 5 components" in err
    assert "with it: 10 nodes, 14 ties, 2 components" in err


def test_a_series_has_a_row_an_actor_and_a_column_a_window() -> None:
    out, err = ran("--measure", "weighted_degree", "--every", "quarter", "--top", "1")
    head, _, row = out.splitlines()
    assert head.split() == ["weighted", "degree", "since", "2016-08-24", "2016-10-01", "2017-01-01"]
    assert row.split() == ["Daesh", "3", "3", "9"]
    assert "view https://w3id.org/eventkg/view/default" in err


@pytest.mark.parametrize("shown", [print_measures, lambda *told: print_bounds(told[0], "degree", *told[1:])])
def test_a_label_that_is_a_formula_does_not_run(shown: object, capsys: pytest.CaptureFixture[str]) -> None:
    shown(network(part("a"), part("b"), label="=CMD|'/C calc'!A1"), None, "csv")  # type: ignore[operator]
    cells = [cell for row in csv.reader(io.StringIO(capsys.readouterr().out)) for cell in row]
    assert "'=CMD|'/C calc'!A1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--measure", "degree"), "--measure and --every expected together"),
        (("--every", "day"), "--measure and --every expected together"),
        (("--measure", "degree", "--every", "day", "--measures"), "one of --plot, "),
        (("--measure", "degree", "--every", "moon"), "'moon' found, one of day, "),
        (("--format", "csv"), "eventkg export edges writes ties as CSV"),
        (("--bounds", "fame"), "'fame' found, one of degree, "),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], expected: str) -> None:
    with pytest.raises(UsageError, match=expected):
        ran(*arguments)


def test_whoever_watches_sees_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with steps() as progress:
        progress("months measured", 1)
        progress("months measured", 1_199)
    assert "1,200 months measured" in seen.getvalue()
