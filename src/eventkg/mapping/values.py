"""Values of a claims file as RDF terms: days that exist, numbers as written, texts in a language."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from eventkg.mapping.naming import WrongError
from eventkg.model.claim import Value
from eventkg.model.naming import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.sources.located import Path


def day(text: str, path: Path) -> Value:
    """An xsd:date.

    Raises:
        WrongError: a day that no calendar has.

    """
    try:
        date.fromisoformat(text)
    except ValueError as problem:
        raise WrongError(path, f"{text!r} found, a day that exists expected ({problem})") from problem
    return Value(text, f"{XSD}date")


def number(text: str, datatype: str) -> Value:
    """A number without a plus sign or needless zeros, of the datatype that is expected."""
    return Value(str(int(text)) if datatype == f"{XSD}integer" else text.removeprefix("+"), datatype)


def plain(text: str) -> Value:
    """A text as it stands in a source, in no language of ours."""
    return Value(str(text), f"{XSD}string")


def worded(raw: str | dict[str, str], language: str) -> Value:
    """A text in the file's language, or in its own: `{text: …, language: …}`."""
    if isinstance(raw, dict):
        return Value(raw["text"], f"{RDF}langString", raw.get("language", language).lower())
    return Value(str(raw), f"{RDF}langString", language)


def labels(raw: Any, language: str) -> Iterator[Value]:  # noqa: ANN401  (what the schema lets through)
    """One text, several, or either by language."""
    by_language = raw if isinstance(raw, dict) else {language: raw}
    for tag, texts in by_language.items():
        for text in listed(texts):
            yield Value(str(text), f"{RDF}langString", tag.lower())


def listed(raw: Any) -> list[Any]:  # noqa: ANN401  (what the schema lets through)
    """One value or a list of them, as a list."""
    return raw if isinstance(raw, list) else [raw]
