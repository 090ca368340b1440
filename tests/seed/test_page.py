"""The page about the seed shows the seed as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TURTLE = re.compile(r"^```turtle\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_turtle_on_the_page_is_that_of_the_files(root: Path) -> None:
    shown = TURTLE.findall((root / "docs" / "seed.md").read_text(encoding="utf-8"))
    files = "\n".join(path.read_text(encoding="utf-8") for path in (root / "data" / "seed").glob("*.ttl"))
    assert shown
    assert [text for text in shown if f"\n{text}" not in files] == []
