"""Our own queries, one titled file each; values are bound, never pasted in."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "queries"


@cache
def named_query(name: str) -> str:
    """The text of queries/NAME.rq."""
    return (_FOLDER / f"{name}.rq").read_text(encoding="utf-8")


def title(query: str) -> str:
    """The first comment line: what the query asks, in words."""
    first = query.partition("\n")[0]
    return first.removeprefix("#").strip()


@cache
def examples() -> tuple[str, ...]:
    """The published example queries, in the order of their file names."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted((_FOLDER / "examples").glob("*.rq")))
