"""`eventkg claim`: from an article to claims, as a person meets it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner

from eventkg.checking.findings import Finding, Report
from eventkg.cli import cli
from eventkg.kg import adding
from eventkg.mapping.claimschema import schema

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

FILE = """
document: {id: a-report, title: A report, text: article.txt}
claims:
- claimant: pentagon
  stance: denies
  propositions: [{about: 2017-01-21-al-bab-strike, targetsStruck: 22}]
  quotation: not 22
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with an article and its claims; shapes are taken for granted."""
    (tmp_path / "article.txt").write_text(
        "\ufeffHow many? “R\u00e9sum\u00e9”: #1\n\nIt was not 22.\n", encoding="utf-8"
    )
    (tmp_path / "claims.yml").write_text(FILE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(adding, "validate", lambda *_: Report(conforms=True, findings=()))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["claim", *arguments], catch_exceptions=False)


@pytest.mark.usefixtures("folder")
def test_a_check_says_what_would_change() -> None:
    done = run("check", "claims.yml")
    assert (done.exit_code, done.stdout.splitlines()) == (
        0,
        [
            "1 claim, 12 statements to be added to the store",
            "  now contested (was uncontested): event:2017-01-21-al-bab-strike targetsStruck 22",
            "  fact gone: event:2017-01-21-al-bab-strike targetsStruck 22",
        ],
    )


@pytest.mark.usefixtures("folder")
def test_json_says_the_same_to_a_program() -> None:
    said = json.loads(run("check", "--json", "claims.yml").stdout)
    assert (said["changed"], said["claims"], said["statements"]) == (True, 1, 12)
    assert said["consequences"]["turns"][0]["after"] == "Contested"


def test_every_slip_is_a_line_of_its_own(folder: Path) -> None:
    (folder / "claims.yml").write_text(FILE.replace("pentagon", "pentagn\x1b[2J").replace("22\n", "23\n"))
    done = run("check", "claims.yml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines() == ["claims.yml:4: the character U+001B found, printable text expected"]
    (folder / "claims.yml").write_text(FILE.replace("pentagon", "pentagn").replace("22\n", "23\n"))
    assert [line[:13] for line in run("check", "claims.yml").stderr.splitlines()] == ["claims.yml:4:"]
    (folder / "claims.yml").write_text(FILE.replace("21-al-bab", "21-al-bob") + FILE[FILE.index("- cl") :])
    assert [line[:13] for line in run("check", "claims.yml").stderr.splitlines()] == ["claims.yml:6:"]


def test_warnings_and_claims_left_over_are_told_on_stderr(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = Finding("s", "c", "https://w3id.org/eventkg/id/document/a-report", None, None, "Odd.", "Warning")
    monkeypatch.setattr(adding, "validate", lambda *_: Report(conforms=True, findings=(note,)))
    (folder / "claims.yml").write_text(
        FILE.replace("a-report", "2017-01-23-joint-mission-article")
        .replace(", title: A report, text: article.txt", "")
        .replace("  quotation: not 22\n", "")
    )
    done = run("check", "--graph", "https://w3id.org/eventkg/graph/seed", "claims.yml")
    assert (
        "67 other claims from the same document; --replace removes what the file does not have" in done.stderr
    )
    (folder / "claims.yml").write_text(FILE)
    assert run("check", "claims.yml").stderr == "warning: document:a-report: Odd.\n"


def test_a_file_that_was_begun_is_filled_in_as_far_as_the_text_says(folder: Path) -> None:
    done = run("new", "article.txt", "--published", "2017-01-24", "-o", "new.yml")
    assert done.exit_code == 0, done.stderr
    begun = (folder / "new.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(begun)["document"]["title"] == "How many? “Résumé”: #1"
    assert "  id: 2017-01-24-how-many-resume-1\n" in begun
    assert "at least one claim expected" in run("check", "new.yml").stderr
    (folder / "new.yml").write_text(
        begun.split("claims:\n")[0] + FILE[FILE.index("claims:") :], encoding="utf-8"
    )
    assert run("check", "new.yml").exit_code == 0


@pytest.mark.usefixtures("folder")
def test_the_example_in_a_file_that_was_begun_is_right_but_for_its_quotation() -> None:
    lines = run("new", "article.txt").stdout.splitlines()
    filled = [
        line.replace("# ", "", 1) if line.startswith("# ") and i > 5 else line for i, line in enumerate(lines)
    ]
    text = "\n".join(filled).replace("NAME-OF-AN-ACTOR", "pentagon").replace("What every", "# What every")
    text = text.replace("What the store", "# What the store")
    with open("new.yml", "w", encoding="utf-8") as stream:  # noqa: PTH123  (the working folder)
        stream.write(text)
    done = run("check", "new.yml")
    assert [line.partition(": ")[2][:47] for line in done.stderr.splitlines()] == [
        "quotation: “at most 15 words of the text, verba"
    ], text


def test_the_schema_is_written_for_editors() -> None:
    assert json.loads(run("schema").stdout) == schema()
