"""Pictures from the command line: files that appear whole or not at all, and errors in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from eventkg.cli import cli
from eventkg.errors import DataError, UsageError
from eventkg.export import interactive

if TYPE_CHECKING:
    from pathlib import Path

PICTURES = {
    "page.html": ("network", "--kind", "actor-actor", "--html"),
    "network.svg": ("network", "--kind", "actor-actor", "--plot"),
    "columns.svg": ("network", "--plot"),
    "bars.svg": ("plot", "histogram", "--by", "month", "-o"),
    "bars.png": ("plot", "histogram", "-o"),
    "map.svg": ("plot", "map", "--actor", "daesh", "-o"),
}


def run(*arguments: str) -> None:
    done = CliRunner().invoke(cli, arguments, standalone_mode=False, catch_exceptions=False)
    assert done.return_value is None


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_written_once_and_replaced_on_request(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    run(*PICTURES[name], str(file))
    first = file.read_bytes()
    with pytest.raises(UsageError, match="exists already; --force"):
        run(*PICTURES[name], str(file))
    run(*PICTURES[name], str(file), "--force")
    assert file.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["page.html", "network.svg", "columns.svg", "bars.svg", "map.svg"])
def test_a_picture_names_its_view_and_what_was_chosen(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    run(
        *PICTURES[name], str(file), "--view", "claimant/pentagon", "--since", "2017-01-20", "--source", "seed"
    )
    text = file.read_text(encoding="utf-8")
    for expected in ("eventkg/view/claimant/pentagon", "since 2017-01-20", "source seed", "CC-BY-4.0"):
        assert expected in text


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("plot", "map", "-o", "map.pdf"), "map.pdf: extension .png or .svg expected"),
        (("plot", "histogram", "-o", "-"), "extension .png or .svg expected"),
        (
            ("network", "--html", "a.html", "--plot", "a.svg"),
            "one of --plot, --html, --measures, --bounds and --measure",
        ),
        (("network", "--html", "a.html", "--kind", "claims", "--view", "nobody"), "nobody"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], expected: str) -> None:
    with pytest.raises(UsageError, match=expected):
        run(*arguments)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("plot", "map", "--basemap", "absent.geojson", "-o", "map.svg"), "absent.geojson: No such file"),
        (("network", "--html", "absent/page.html"), "absent/page.html: No such file"),
    ],
)
def test_a_path_that_cannot_be_read_or_written_is_named(
    arguments: tuple[str, ...], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=expected):
        run(*arguments)
    assert not list(tmp_path.iterdir())


def test_more_nodes_than_a_browser_can_draw_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactive, "MOST", 3)
    with pytest.raises(UsageError, match="at most 3 can be drawn in a browser"):
        run("network", "--html", str(tmp_path / "page.html"))
    assert not list(tmp_path.iterdir())
