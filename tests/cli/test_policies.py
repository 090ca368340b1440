"""`eventkg policies`, and what every answer says of the view that it was given in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from eventkg.cli import cli
from eventkg.model.naming import VIEW

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT, PENTAGON = f"{VIEW}default", f"{VIEW}claimant/pentagon"
ASK = "ASK { ?e a ekg:AirStrike }"


def run(*arguments: str | Path, code: int = 0) -> tuple[str, str]:
    """Standard output and standard error of the command line, in this process."""
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert done.exit_code == code, done.output
    return done.stdout, done.stderr or str(done.exception or "")


def test_the_policies_that_are_known_are_listed_and_explained(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yml"
    mine.write_text("policy: mine\nlabel: Mine\ndefinition: As I see it.\nindependent: 2\n", encoding="utf-8")
    table, _ = run("policies", mine)
    names = [line.split()[0] for line in table.splitlines()[2:]]
    assert names[:4] == ["default", "corroborated", "all", "mine"]
    found = {known["name"]: known for known in json.loads(run("policies", mine, "--json")[0])}
    assert found["mine"]["iri"] == f"{VIEW}mine"
    assert found["mine"]["label"] == "Mine"
    assert found["mine"]["adopts"].startswith("As I see it. Adopts what 2 independent speakers assert")
    assert found["claimant/ACTOR"]["iri"] == f"{VIEW}claimant/ACTOR"


@pytest.mark.parametrize("arguments", [("policies",), ("query", ASK, "--view")])
def test_a_file_that_is_no_policy_is_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    slip = tmp_path / "slip.yml"
    slip.write_text("policy: a\nnumbers: lowest\n", encoding="utf-8")
    _, said = run(*arguments, slip, code=1)
    assert said == f"{slip}:2: numbers: 'lowest' found, one of low, best, high expected"


@pytest.mark.slow
@pytest.mark.parametrize(("view", "iri"), [((), DEFAULT), (("--view", "claimant/pentagon"), PENTAGON)])
@pytest.mark.parametrize(
    ("arguments", "stream"),
    [
        (("query", "SELECT ?e { ?e a ekg:AirStrike }"), 1),
        (("query", ASK), 1),
        (("query", "CONSTRUCT WHERE { ?e a ekg:AirStrike }"), 0),
        (("query", ASK, "--format", "json"), 0),
        (("query", ASK, "--format", "xml"), 0),
        (("query", "SELECT ?e { ?e a ekg:AirStrike }", "--format", "csv"), 1),
        (("network",), 1),
        (("claims", "--disputed"), 1),
        (("claims", "--disputed", "--json"), 0),
        (("claims", "us-russian-coordination", "--json"), 0),
        (("export", "trig", "--graph", "derived"), 0),
        (("export", "nq", "--graph", "derived"), 0),
        (("export", "jsonld", "--graph", "derived"), 0),
    ],
    ids=lambda value: " ".join(value[:1] + value[2:]) if isinstance(value, tuple) else str(value),
)
def test_every_answer_names_its_view(
    arguments: tuple[str, ...], stream: int, view: tuple[str, ...], iri: str
) -> None:
    said = run(*arguments, *view)[stream]
    assert iri in said
    assert view == () or DEFAULT not in said


@pytest.mark.slow
def test_a_picture_and_a_day_name_their_view(tmp_path: Path) -> None:
    picture = tmp_path / "network.svg"
    run("network", "--plot", picture, "--as-known-on", "2017-01-23")
    assert f"{DEFAULT}/as-known-on/2017-01-23" in picture.read_text(encoding="utf-8")
    assert run("query", ASK, "--as-known-on", "2017-01-22") == (
        "no\n",
        f"view {DEFAULT}/as-known-on/2017-01-22\n",
    )


@pytest.mark.parametrize("day", ["yesterday", "2017-02-30", "20170122", ""])
def test_what_is_no_day_is_refused(day: str) -> None:
    said = run("query", ASK, "--as-known-on", day, code=1)[1]
    assert said == f"as-known-on: {day!r} found, a day such as 2017-01-22 expected"
