"""The schema of claims files: what an editor offers is what the ontology and the code lists have."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.mapping import seedfile

from eventkg.kg.lexicon import StoreLexicon
from eventkg.mapping.claimschema import check_schema, schema
from eventkg.mapping.naming import SCHEMES
from eventkg.mapping.things import _CLASSES as CLASSES
from eventkg.model.claim import Stance
from eventkg.sources.located import read_located
from eventkg.store.bundled import ontology_quads


@pytest.fixture(scope="module")
def words() -> StoreLexicon:
    import pyoxigraph as ox

    store = ox.Store()
    store.extend(ontology_quads())
    return StoreLexicon(store)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


def test_every_property_that_may_be_claimed_is_offered(words: StoreLexicon) -> None:
    offered = schema()["$defs"]["said"]["properties"].keys()
    details = {"about", "count", "ordinal", "equipment", "contradicts", "type", "day"}
    assert offered - details == words.attributes.keys()


@pytest.mark.parametrize(
    ("key", "scheme"),
    [("claimantRelation", "claimant-relation"), ("rootStatus", "root-status"), ("modality", "modality")],
)
def test_the_codes_that_are_offered_are_those_of_the_list(key: str, scheme: str, words: StoreLexicon) -> None:
    claim = schema()["properties"]["claims"]["items"]["properties"]
    assert sorted(claim[key]["enum"]) == words.codes(scheme)
    assert schema()["properties"]["defaults"]["properties"][key] == claim[key]


def test_bases_and_stances_are_those_of_the_model(words: StoreLexicon) -> None:
    against = schema()["$defs"]["said"]["properties"]["contradicts"]["items"]["properties"]
    assert sorted(against["basis"]["enum"]) == words.codes("contradiction-basis")
    claim = schema()["properties"]["claims"]["items"]["properties"]
    assert {stance.lower() for stance in Stance} == set(claim["stance"]["enum"])


def test_every_coded_attribute_has_a_list_and_every_list_is_there(words: StoreLexicon) -> None:
    assert {name for name, attribute in words.attributes.items() if attribute.coded} == SCHEMES.keys()
    assert not [scheme for scheme in SCHEMES.values() if not words.codes(scheme)]
    assert not [kind for kind, cls in CLASSES.items() if kind != "event" and cls not in words.classes[kind]]


def test_an_editor_takes_what_the_reader_takes() -> None:
    """An editor reads numbers and no days, as YAML 1.2 does; the reader keeps every text as it is written."""
    text = seedfile.claims_file()
    check_schema(read_located(text, "claims.yml"))
    assert not list(Draft202012Validator(schema()).iter_errors(_as_an_editor_reads(text)))


def _as_an_editor_reads(text: str) -> Any:
    import re

    import yaml

    class Core(yaml.SafeLoader):
        """Of YAML 1.2's types only whole numbers."""

    Core.yaml_implicit_resolvers = {}
    Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[0-9]+$"), list("0123456789"))
    return yaml.load(text, Core)  # noqa: S506  (a safe loader with fewer types)
