"""What XML 1.0 can hold of a literal's text: the engine writes all of it, and parsers refuse the rest."""

from __future__ import annotations

import re

from eventkg.errors import DataError

_UNWRITABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def xml_text(markup: bytes) -> bytes:
    """XML with carriage returns as references: bare ones are read back as line feeds.

    Raises:
        DataError: a control character in it, for which XML has no spelling.

    """
    if found := _UNWRITABLE.search(markup):
        character = ord(found[0].decode())
        raise DataError(f"character U+{character:04X} found, which XML cannot hold; ask for another format")
    return markup.replace(b"\r", b"&#xD;")
