"""What somebody who has the article in mind asks on the command line, with the answers that it gives."""

from __future__ import annotations

import json

import pytest
from tests.cli.test_verbs import ok

Rows = set[tuple[str, ...]]
COALITION = """?p ekg:about event:2017-01-22-al-bab-strike ; ekg:predicate ekg:performedBy ;
    ekg:object actor:us-led-coalition ."""
QUESTIONS: dict[str, tuple[str, Rows]] = {
    "Who flew what, and how many, on 21 January?": (
        """SELECT ?who ?what ?count {
            ?strike a ekg:AirStrike ; ekg:date "2017-01-21"^^xsd:date ; ekg:hasFact ?fact .
            ?fact ekg:object/skos:prefLabel ?who ; ekg:equipment ?part FILTER(LANG(?who) = "en")
            ?part ekg:equipmentType/skos:prefLabel ?what ; ekg:count ?count }""",
        {
            ("Russian Aerospace Forces", "Su-24M", "2"),
            ("Russian Aerospace Forces", "Su-34", "1"),
            ("Turkish Air Force", "F-16", "2"),
            ("Turkish Air Force", "F-4", "2"),
        },
    ),
    "How many targets were struck on 21 January?": (
        'SELECT ?n { ?strike a ekg:AirStrike ; ekg:date "2017-01-21"^^xsd:date ; ekg:targetsStruck ?n }',
        {("22",)},
    ),
    "Who flew on 22 January?": (
        """SELECT ?who { ?strike a ekg:AirStrike ; ekg:date "2017-01-22"^^xsd:date ;
            ekg:performedBy/skos:prefLabel ?who FILTER(LANG(?who) = "en") }""",
        {("Russian Aerospace Forces",)},
    ),
    "Who says that the coalition flew on 22 January, and who says that it did not?": (
        f"""SELECT ?stance ?who {{ {COALITION}
            VALUES (?by ?stance) {{ (ekg:assertedBy "asserts") (ekg:deniedBy "denies") }}
            ?p ?by ?speaker . ?speaker skos:prefLabel ?who FILTER(LANG(?who) = "en") }}""",
        {("asserts", "Russian Defence Ministry"), ("denies", "Pentagon")},
    ),
    "Does the coalition's part stand, and how many independent speakers are behind it?": (
        f"""SELECT ?status ?independent {{ {COALITION}
            ?p ekg:status/skos:prefLabel ?status ; ekg:independentClaimants ?independent
            FILTER(LANG(?status) = "en") }}""",
        {("Contested", "1")},
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_command_line_answers_the_question(question: str) -> None:
    query, expected = QUESTIONS[question]
    answer = json.loads(ok("query", query, "--format", "json"))
    names = answer["head"]["vars"]
    rows = [tuple(row[name]["value"] for name in names) for row in answer["results"]["bindings"]]
    assert set(rows) == expected
    if question.startswith(("Who flew what", "How many")):
        assert len(rows) == len(expected)
