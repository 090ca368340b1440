"""Claims files into a store: all or nothing, twice is once, and what changes is said."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import SEED, derived_from_scratch, drafts, dump, in_graph, load, state

from eventkg.checking.findings import Report
from eventkg.errors import DataError, UsageError
from eventkg.kg import adding
from eventkg.kg.adding import Added, Addition
from eventkg.kg.consequences import Fact, Turn
from eventkg.model.naming import GRAPH_DERIVED, GRAPH_SEED, GRAPH_USER
from eventkg.settings import Limits
from eventkg.sources.located import ProblemsError

if TYPE_CHECKING:
    from pathlib import Path

STRIKE = "2017-01-22-al-bab-strike"
ARTICLE = """The Pentagon said: “No Russian aircraft flew.” A Turkish officer said
that three jets of the coalition did.
"""
FILE = """
document: {id: a-report, title: A report, text: report.txt, publishedOn: 2017-01-24}
defaults: {recordedOn: 2026-11-22, claimedOn: 2017-01-24}
new:
  actor: {turkish-officer: {kind: Person, label: A Turkish officer}}
claims:
- claimant: pentagon
  stance: denies
  propositions: [{about: 2017-01-22-al-bab-strike, performedBy: russian-aerospace-forces}]
  quotation: No Russian aircraft flew
- id: three-jets
  claimant: turkish-officer
  stance: asserts
  propositions:
  - about: 2017-01-22-al-bab-strike
    performedBy: us-led-coalition
    count: 3
    contradicts:
    - {with: 2017-01-22-al-bab-strike-performed-by-us-led-coalition, basis: functional-value}
  quotation: three jets of the coalition
"""
SECOND = """
document: {id: another-report, title: Another report}
claims:
- {claimant: kremlin, stance: doubts, respondsTo: three-jets}
- claimant: kremlin
  stance: asserts
  propositions: [{about: 2017-01-21-al-bab-strike, targetsStruck: 22}]
"""


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the seed."""
    store = tmp_path_factory.mktemp("seeded") / "store"
    load(store, *SEED, graph=GRAPH_SEED)
    return store


@pytest.fixture
def folder(seeded: Path, tmp_path: Path) -> Path:
    """A folder with a store of its own, two claims files and the text of the first."""
    shutil.copytree(seeded, tmp_path / "store", symlinks=True)
    (tmp_path / "report.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "claims.yml").write_text(FILE, encoding="utf-8")
    (tmp_path / "second.yml").write_text(SECOND, encoding="utf-8")
    return tmp_path


@pytest.fixture
def _unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Validation takes seconds; what it does is tested below."""
    monkeypatch.setattr(adding, "validate", lambda *_: Report(conforms=True, findings=()))


def add(folder: Path, *names: str, replace: bool = False) -> Added:
    files = tuple(folder / name for name in names or ("claims.yml",))
    return adding.add(folder / "store", Addition(files, replace=replace), Limits())


@pytest.mark.usefixtures("_unchecked")
def test_what_changes_is_said_and_is_what_deriving_everything_again_gives(folder: Path) -> None:
    before = set(in_graph(folder / "store", GRAPH_DERIVED))
    added = add(folder)
    assert (added.claims, added.removed, added.others) == (2, 0, 0)
    russian = Fact(f"event:{STRIKE}", "performedBy", "actor:russian-aerospace-forces")
    assert (added.consequences.gained, added.consequences.lost) == ((), (russian,))
    assert {(t.value, t.details, t.before, t.after) for t in added.consequences.turns} == {
        ("actor:russian-aerospace-forces", "", "Uncontested", "Contested"),
        ("actor:us-led-coalition", "count 3", "", "Contested"),
    }
    after = set(in_graph(folder / "store", GRAPH_DERIVED))
    assert sorted(after) == derived_from_scratch(folder / "store")
    assert after != before
    assert len(in_graph(folder / "store", GRAPH_USER)) == added.statements


@pytest.mark.usefixtures("_unchecked")
def test_a_file_added_twice_changes_nothing(folder: Path) -> None:
    assert add(folder).changed
    there = state(folder / "store")
    again = add(folder)
    assert not again.changed
    assert (again.claims, again.statements, again.others) == (0, 0, 0)
    assert state(folder / "store") == there, "no new checkpoint either"
    assert not add(folder, replace=True).changed
    assert state(folder / "store") == there


@pytest.mark.usefixtures("_unchecked")
def test_corroboration_by_a_second_speaker_is_said(folder: Path) -> None:
    turns = add(folder, "claims.yml", "second.yml").consequences.turns
    corroborated = Turn(
        "event:2017-01-21-al-bab-strike", "targetsStruck", "22", "", "Uncontested", "Corroborated",
        of_details=False,
    )  # fmt: skip
    assert corroborated in turns
    assert sorted(in_graph(folder / "store", GRAPH_DERIVED)) == derived_from_scratch(folder / "store")


@pytest.mark.usefixtures("_unchecked")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("three jets of the coalition", "three jets"),
        ("count: 3", "count: 4"),
        ("label: A Turkish officer", "label: An officer"),
        ("title: A report", "title: The report"),
        ("stance: denies", "stance: doubts"),
        (FILE[FILE.index("- id: three-jets") :], ""),
        (FILE[FILE.index("    contradicts:") : FILE.index("  quotation: three")], ""),
    ],
)
def test_an_edited_file_replaces_what_it_said_before(folder: Path, seeded: Path, old: str, new: str) -> None:
    assert old in FILE
    add(folder)
    text = FILE.replace(old, new)
    (folder / "claims.yml").write_text(text, encoding="utf-8")
    added = add(folder, replace=True)
    assert added.removed
    gone = {turn.details for turn in added.consequences.turns if not turn.after}
    assert gone == ({"count 3"} if "count: 3" not in text else set())
    assert added.others == 0
    replaced = dump(folder / "store")
    shutil.rmtree(folder / "store")
    shutil.copytree(seeded, folder / "store", symlinks=True)
    add(folder)
    fresh = dump(folder / "store")
    assert replaced == fresh


@pytest.mark.usefixtures("_unchecked")
def test_claims_that_the_file_has_no_more_are_counted(folder: Path) -> None:
    add(folder)
    (folder / "claims.yml").write_text(FILE.replace("three jets of", "jets of"), encoding="utf-8")
    (folder / "report.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "claims.yml").write_text(FILE.replace("stance: denies", "stance: doubts"), encoding="utf-8")
    assert add(folder).others == 1


@pytest.mark.usefixtures("_unchecked")
@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("second.yml", SECOND.replace("kremlin", "kremln"), "second.yml:4: 'kremln' found"),
        ("second.yml", "claims: [", "second.yml:1: "),
        ("second.yml", "\udcff", "second.yml: byte 0 is not UTF-8"),
        (
            "report.txt",
            ARTICLE.replace("three", "two"),
            "claims.yml:20: quotation: “three jets of the coalition”",
        ),
        ("second.yml", SECOND.replace("another-report", "'http://[x'"), "second.yml:2: "),
        ("second.yml", SECOND.replace("kremlin", "http://x/%zz"), "that the store knows expected"),
        ("report.txt", None, "report.txt: No such file or directory"),
        ("second.yml", None, "second.yml: No such file or directory"),
    ],
)
def test_one_wrong_file_and_none_is_added(folder: Path, name: str, content: str | None, problem: str) -> None:
    before = state(folder / "store")
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError) as caught:
        add(folder, "claims.yml", "second.yml")
    assert problem in str(caught.value)
    assert state(folder / "store") == before
    assert not drafts(folder / "store")


@pytest.mark.usefixtures("_unchecked")
def test_a_check_tells_the_same_and_writes_nothing(folder: Path) -> None:
    before = state(folder / "store")
    request = Addition((folder / "claims.yml",))
    found = adding.check(folder / "store", request, Limits())
    assert state(folder / "store") == before
    assert adding.check(None, request, Limits()) == found, "the bundled graph is the seed as well"
    assert add(folder) == found
    with pytest.raises(DataError, match="no such directory"):
        adding.check(folder / "nowhere", request, Limits())
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (Addition(()), "no file found"),
        (Addition(("claims.doc",)), "extension .doc found"),  # type: ignore[arg-type]
        (Addition(("c.yml",), graph=GRAPH_DERIVED), "which nobody but eventkg writes"),  # type: ignore[arg-type]
        (Addition(("c.yml",), graph="my graph"), "an absolute IRI expected"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, request_: Addition, problem: str) -> None:
    from pathlib import Path as FilePath

    files = tuple(FilePath(file) for file in request_.files)
    with pytest.raises(UsageError, match=problem):
        adding.add(tmp_path / "store", Addition(files, request_.graph), Limits())
    assert not (tmp_path / "store").exists()


@pytest.mark.slow
def test_a_violation_of_a_shape_is_refused_with_the_line_of_what_it_is_about(folder: Path) -> None:
    before = state(folder / "store")
    early = FILE.replace("- id: three-jets", "- id: three-jets\n  recordedOn: 2017-01-20")
    (folder / "claims.yml").write_text(early, encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        add(folder)
    assert caught.value.lines() == [
        f"{folder}/claims.yml:11: claim:three-jets: A claim is not recorded before it was made."
    ]
    assert state(folder / "store") == before
    (folder / "claims.yml").write_text(FILE, encoding="utf-8")
    assert add(folder).warnings == ()
