from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking.conformance import PREFIXES, prop, select

from eventkg.checking.process import CheckTimeLimitError, run_check
from eventkg.errors import ShapesError

if TYPE_CHECKING:
    from pathlib import Path

ENDLESS = select(
    "SELECT $this { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o\n"
    "FILTER (CONCAT(STR(?a), STR(?d), STR(?g), STR(?j), STR(?m)) = 'no') }"
)
EXPLOSIVE = prop(r'sh:pattern "^(?:(a+)+)\\1?$"') + prop("sh:minCount 1").replace(":P", ":Q")
MATCHED = b'<urn:x#1> <urn:x#p> "' + b"a" * 60 + b'!" <urn:g> .\n'
DATA = b"".join(
    b"<urn:x#%d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:x#C> <urn:g> .\n" % number
    for number in range(300)
)


def shapes(folder: Path, text: str) -> str:
    file = folder / "shapes.ttl"
    file.write_text(PREFIXES + text, encoding="utf-8")
    return str(file)


@pytest.mark.slow
@pytest.mark.parametrize(("text", "name"), [(ENDLESS, "S"), (EXPLOSIVE, "P")], ids=["query", "pattern"])
def test_what_never_ends_is_stopped_and_its_shape_named(text: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(CheckTimeLimitError, match=rf"^urn:x#{name}: stopped after .* the time limit is 4 s"):
        run_check({"shapes": shapes(tmp_path, text)}, DATA + MATCHED, 512, 4, None)


def test_progress_tells_each_constraint_and_its_shape(tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    wanted = shapes(tmp_path, prop("sh:minCount 1 ; sh:maxCount 0"))
    report = run_check({"shapes": wanted}, DATA, 512, None, lambda *step: seen.append(step))
    assert seen == [(0, 2, "urn:x#P"), (1, 2, "urn:x#P")]
    assert len(report.findings) == 300
    assert [one.results for one in report.checked] == [300, 0]


def test_what_the_child_refuses_is_refused_here(tmp_path: Path) -> None:
    with pytest.raises(ShapesError, match="sh:path: nothing found"):
        run_check({"shapes": shapes(tmp_path, ":S sh:property [ sh:minCount 1 ] .")}, DATA, 512, None, None)
