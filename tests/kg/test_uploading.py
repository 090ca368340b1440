"""A graph put into a plain store is looked at while it unpacks."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from eventkg.errors import DataError
from eventkg.kg import uploading
from eventkg.kg.updating import create
from eventkg.kg.uploading import Upload, upload
from eventkg.settings import Limits
from eventkg.store.directory import hold_current, open_checkpoint

if TYPE_CHECKING:
    from pathlib import Path


def test_a_bomb_is_refused_before_it_has_unpacked_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "BOMB_BYTES", 1 << 16)
    monkeypatch.setattr(uploading, "BOMB_RATIO", 10)
    create(tmp_path / "store")
    body = tmp_path / "raw"
    body.write_bytes(gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n" + b" " * (1 << 24)))
    asked = Upload(str(body), "text/turtle", "urn:g", replace=True, packed=True, plain=True)
    with pytest.raises(DataError, match=r"unpacks to more than [\d,]+ bytes; refused"):
        upload(tmp_path / "store", asked, Limits())
    with hold_current(tmp_path / "store") as checkpoint:
        assert len(open_checkpoint(checkpoint.path)) == 0
