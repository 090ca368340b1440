"""A claims file begun from a document's text."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from eventkg.errors import UsageError
from eventkg.kg.filings import read_text
from eventkg.mapping.claimschema import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST = 60  # characters of a name
_TITLE = 160


def begun(text: Path, title: str | None = None, published: str | None = None) -> str:
    """A claims file whose document is filled in as far as its text says; the claims are the analyst's.

    Raises:
        UsageError: a day that does not exist. DataError: a text that cannot be read, or an empty one.

    """
    characters, _ = read_text(text)
    lines = ("".join(filter(str.isprintable, line)).strip() for line in characters.splitlines())
    title = title or next((line for line in lines if line), text.stem)[:_TITLE]
    day = _day(published)
    name = "-".join(filter(None, (day, _slug(title) or _slug(text.stem) or "document")))
    template = SCHEMA.with_name("claims-template.yml").read_text(encoding="utf-8")
    filled = {
        "@ID@": name,
        "@TITLE@": json.dumps(title, ensure_ascii=False),
        "@TEXT@": json.dumps(text.name, ensure_ascii=False),
        "@PUBLISHED@": f"publishedOn: {day}" if day else "# publishedOn: 2017-01-24",
        "@TODAY@": datetime.now(UTC).date().isoformat(),
    }
    return re.sub("@[A-Z]+@", lambda mark: filled[mark[0]], template)


def _day(published: str | None) -> str:
    if not published:
        return ""
    try:
        return date.fromisoformat(published).isoformat()
    except ValueError as problem:
        raise UsageError(f"--published: {published!r} found, a day as YYYY-MM-DD expected") from problem


def _slug(title: str) -> str:
    """Lower case, hyphens, no accents; whole words, so many as a name can bear."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    while len("-".join(words)) > _LONGEST:
        words.pop()
    return "-".join(words)
