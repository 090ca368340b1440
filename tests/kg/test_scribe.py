"""What writes for a service, without the service."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import eventkg
from eventkg.kg.scribe import Scribe
from eventkg.kg.updating import Update, create
from eventkg.kg.uploading import Upload
from eventkg.query.answers import Solutions
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def scribe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scribe]:
    """Of a store that is named as a person would: by a path from where they are."""
    monkeypatch.chdir(tmp_path)
    create(Path("store"))
    made = Scribe(Path("store"), Limits(60, 512))
    yield made
    made.close()


@pytest.mark.parametrize("plain", [True, False])
def test_a_store_with_a_relative_path_gets_what_was_acknowledged(
    plain: bool, scribe: Scribe, tmp_path: Path
) -> None:
    (tmp_path / "body").mkdir()
    file = tmp_path / "body" / "raw"
    file.write_text("<urn:s> <urn:p> 1 .", encoding="utf-8")
    assert scribe.upload(Upload(str(file), "text/turtle", "urn:g", plain=plain))
    scribe.update(Update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 2 } }", plain=plain))
    with eventkg.open(tmp_path / "store") as graph:
        found = graph.query("SELECT ?o { GRAPH <urn:g> { ?s ?p ?o } } ORDER BY ?o")
    assert isinstance(found, Solutions)
    assert [row["o"] for row in found] == [1, 2]
