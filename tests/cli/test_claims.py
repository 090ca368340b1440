"""`eventkg claims`: the ledger, reasons, disputes and comparisons as a person or a program reads them."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.test_errors import EVENTKG, run, the_line
from tests.cli.test_verbs import ok

if TYPE_CHECKING:
    from pathlib import Path

JAN_21, JAN_22 = "2017-01-21-al-bab-strike", "2017-01-22-al-bab-strike"
MINISTRY = "claimant/russian-defence-ministry"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            (JAN_22,),
            "performed by|US-led coalition, 2|Contested|no|Russian Defence Ministry|asserts|two jets",
        ),
        (
            (JAN_22, "--view", MINISTRY),
            "performed by|US-led coalition, 2|Uncontested|yes|Russian Defence Ministry",
        ),
        ((JAN_22,), "Author of the joint mission article|relays: Pentagon denies|Pentagon Denies|[1] 83–98"),  # noqa: RUF001
        ((JAN_22,), "Associated Press|relays Russian Defence Ministry|first combat mission"),
        ((JAN_22,), "Interfax|asserts, source unstated|storage facilities"),
        ((JAN_22,), "target|1|1 to 2"),
        ((JAN_22,), "[1] Russian Warplanes Fly First Joint Mission"),
        ((JAN_21,), "performed by|Russian Aerospace Forces, 3: 2 Su-24M, 1 Su-34|Uncontested|yes"),
        ((JAN_21,), "targets struck|1|1|22"),
        ((JAN_21, "--why", "22"), "a fact in default: nobody contests it"),
        ((JAN_21, "--why", "22"), "“22 Daesh targets have been struck”"),
        ((JAN_21, "--why", "22"), "document:2017-01-23-joint-mission-article 2425–2458"),  # noqa: RUF001
        ((JAN_21, "--why", "22", "--view", "corroborated"), "no fact in corroborated: 1 independent speaker"),
        (
            ("--disputed",),
            "performed by|US-led coalition, 2|Russian Defence Ministry|Pentagon|Author of",
        ),
        (
            ("--compare", "default", MINISTRY),
            f"only in {MINISTRY}|event:{JAN_22}|performed by|US-led coalition, 2|Contested, fact: no",
        ),
        (("--compare", "all", "all"), "all and all do not differ"),
        (("actor:kremlin",), "nobody says anything about it"),
    ],
)
def test_a_line_says_it(arguments: tuple[str, ...], line: str) -> None:
    printed = ["|".join(filter(None, map(str.strip, row.split("   ")))) for row in ok_lines(*arguments)]
    assert any(line in row for row in printed), "\n".join(printed)


def ok_lines(*arguments: str) -> list[str]:
    return ok("claims", *arguments).decode().splitlines()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "an EVENT, --disputed or --compare A B expected"),
        (("nope",), "event:nope: nothing of this name is in the graph"),
        ((JAN_22, "--disputed"), "EVENT and --disputed found, one of them expected"),
        (("--disputed", "--compare", "a", "b"), "one of --why, --disputed and --compare expected"),
        (("--why", "22"), "an EVENT, --disputed or --compare A B expected"),
        ((JAN_22, "--why", "weather"), "nobody says 'weather' of it; what is spoken of: type, performedBy"),
        (("--compare", "all", "default", "--view", "all"), "--compare names its views itself"),
        ((JAN_22, "--view", "claimant/nobody"), "who says nothing here"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_one_line(arguments: tuple[str, ...], line: str) -> None:
    done = run("claims", *arguments)
    assert line in the_line(done, 2)


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        ((JAN_22,), {"subject", "view", "rows", "agreement"}),
        ((JAN_22, "--why", "2"), {"view", "fact", "reason", "rows"}),
        (("--disputed",), {"view", "point", "judgement"}),
        (("--compare", "default", "all"), {"a", "b", "differences", "left_out"}),
    ],
)
def test_json_has_full_iris_and_is_the_same_every_time(arguments: tuple[str, ...], keys: set[str]) -> None:
    command = [*EVENTKG, "claims", *arguments, "--json"]
    answers = {
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    (answer,) = answers
    said = json.loads(answer)
    assert set(said[0] if isinstance(said, list) else said) == keys
    assert all(iri.startswith(("http://", "https://")) for iri in iris(said))


def iris(value: Any) -> list[str]:
    """What stands under the key `iri`, however deep."""
    if isinstance(value, list):
        return [iri for each in value for iri in iris(each)]
    if not isinstance(value, dict):
        return []
    return [
        *([value["iri"]] if "iri" in value else []),
        *(iri for each in value.values() for iri in iris(each)),
    ]


def test_control_characters_in_a_quotation_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "claims.ttl").write_text(
        """@prefix ekg: <https://w3id.org/eventkg/ontology#> .
        <urn:p> a ekg:Proposition ; ekg:about <urn:e> ; ekg:predicate ekg:objective ; ekg:value "\\u001b[2J" .
        <urn:c> a ekg:Claim ; ekg:claimant <urn:a> ; ekg:stance ekg:Asserts ; ekg:proposition <urn:p> ;
            ekg:quotation "\\u202e\\u0007" .""",
        encoding="utf-8",
    )
    ok("load", "-l", "store", "claims.ttl", cwd=tmp_path)
    for arguments in (("urn:e",), ("urn:e", "--why", "objective"), ("urn:e", "--json")):
        printed = ok("claims", "-l", "store", *arguments, cwd=tmp_path).decode()
        assert "objective" in printed
        assert not {"\x1b", "\u202e", "\x07"} & set(printed)
