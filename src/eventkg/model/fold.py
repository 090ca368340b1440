"""What a reader takes for the same letters: one fold for search, for suggestions and for link candidates.

`web/src/shared/fold.ts` does the same; `tests/model/fold.json` holds the cases that both are tested with.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Apostrophes and what is typed in their place, hamza and ayn signs of transliterations, tatweel, hamza alone.
_DROPPED = re.compile("['`´‘’‚‛ʹʻʼʽʾʿˈ′＇\u0640\u0621]")  # noqa: RUF001
_HYPHENS = re.compile("[\u002d\u2010-\u2015\u2212]")
_ALIKE = str.maketrans(
    {
        **dict(zip("ٱةىیېکڪہھە", "اهيييككههه", strict=True)),
        **dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", 2 * "0123456789", strict=True)),
        **dict(zip("ıøłđðς", "iolddσ", strict=True)),  # noqa: RUF001
        **dict(zip("ßæœþ", ("ss", "ae", "oe", "th"), strict=True)),
    }
)
# al- before a sun letter as it is spoken: ash-Shaddadi, an-Nusra; only with its hyphen, "at Tanf" is English
_SPOKEN = re.compile(r"\ba(sh|dh|th|[dlnrstz])-(?=\1)")
_WRITTEN = re.compile(r"\b(?:(?:al|el) )+(?=\S)")
_ARABIC = re.compile(r"\b(?:ال)+(?=\w\w)")
_NUMBERS = re.compile(r"(?<=[^\W\d_])(?=[0-9])|(?<=[0-9])(?=[^\W\d_])")


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Words in lower case, a space between: `al-Bāb`, `Al Bab` and `AL-BAB` are `bab`, `Su24M` is `su 24 m`.

    Compatibility forms (NFKD), case, accents and vowel signs, forms of alef, yeh, kaf and heh, taa marbuta,
    hamza, tatweel, apostrophes, hyphens and other marks, and the article al- are alike. Idempotent.
    Source: Unicode Standard Annex 15 for NFKD; the rest is ours.
    """
    if text.isascii():
        plain = _DROPPED.sub("", text).lower()
    else:
        lower = unicodedata.normalize("NFKD", _DROPPED.sub("", text)).lower()
        bare = "".join(filter(_is_kept, unicodedata.normalize("NFKD", lower)))
        plain = _DROPPED.sub("", bare).translate(_ALIKE)
    spoken = _SPOKEN.sub("", _HYPHENS.sub("-", plain))
    words = "".join(letter if letter.isalnum() else " " for letter in spoken)
    spaced = " ".join(_NUMBERS.sub(" ", words).split())
    return _WRITTEN.sub("", _ARABIC.sub("", spaced))


def _is_kept(letter: str) -> bool:
    """No accents, no vowel signs, nothing that is not seen."""
    return unicodedata.category(letter)[0] != "M" and unicodedata.category(letter) != "Cf"
