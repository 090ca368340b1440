"""eventkg: who says what about which military event.

>>> import eventkg
>>> with eventkg.open() as kg:
...     kg.query("ASK { event:2017-01-22-al-bab-strike ekg:performedBy actor:us-led-coalition }")
False
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventkg.errors import EventkgError
from eventkg.settings import VERSION

if TYPE_CHECKING:
    from eventkg.kg.graph import KnowledgeGraph, open, read

__version__ = VERSION
__all__ = ["EventkgError", "KnowledgeGraph", "__version__", "open", "read"]


def __getattr__(name: str) -> object:
    """The graph when it is asked for: a worker process imports this package, and none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from eventkg.kg import graph

    return getattr(graph, name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
