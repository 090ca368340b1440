"""Elements, script and style that the pictures for browsers are put together from."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def part(name: str) -> str:
    """Elements that web/src/network/frame.ts works on, in a file or in a page: `tools` above a `frame`."""
    return static(f"{name}.html")


@cache
def static(name: str) -> str:
    """The text of a file that the build wrote, or that stands beside it."""
    return files("eventkg.export").joinpath("static", name).read_text("utf-8").rstrip("\n")
