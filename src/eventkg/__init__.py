"""eventkg: who says what about which military event.

>>> import eventkg
>>> with eventkg.open() as kg:
...     kg.query("ASK { event:2017-01-22-al-bab-strike ekg:performedBy actor:us-led-coalition }")
False
"""

from eventkg.errors import EventkgError
from eventkg.kg.graph import KnowledgeGraph, open, read
from eventkg.settings import VERSION

__version__ = VERSION
__all__ = ["EventkgError", "KnowledgeGraph", "__version__", "open", "read"]
