"""Cells to literals: each kind reads a text, or says what it expected instead."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from eventkg.mapping.terms import literal
from eventkg.sources.iris import is_web_iri

if TYPE_CHECKING:
    from collections.abc import Callable

_INTEGER = re.compile(r"[+-]?[0-9]{1,30}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOLEANS = {"true": "true", "false": "false", "1": "true", "0": "false", "yes": "true", "no": "false"}


class Unfit(ValueError):  # noqa: N818  (becomes the reason of a row's fault)
    """A text that is not of its kind; the message says what was expected."""


def read_day(text: str, formats: tuple[str, ...]) -> str:
    """An ISO day out of a text in one of these formats (`%Y-%m-%d` if there is none)."""
    text = text.strip()
    for form in formats or ("%Y-%m-%d",):
        if form == "%Y-%m-%d" and not _ISO.fullmatch(text):
            continue
        try:
            if form == "%Y-%m-%d":
                date.fromisoformat(text)
                return text
            # the day as the source counts it: a zone, where there is one, changes nothing
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    raise Unfit(f"no day that exists as {' or '.join(formats or ('%Y-%m-%d',))}")


def _integer(text: str) -> str:
    text = text.strip()
    if not _INTEGER.fullmatch(text):
        raise Unfit("no whole number")
    return literal(str(int(text)), "integer")


def read_decimal(text: str) -> str:
    """A number in the form of xsd:decimal, without exponent and without superfluous noughts."""
    text = text.strip()
    if not _DECIMAL.fullmatch(text):
        raise Unfit("no decimal number such as 10.5")
    sign = "-" if text[0] == "-" else ""
    whole, _, rest = text.lstrip("+-").partition(".")
    whole, rest = whole.lstrip("0") or "0", rest.rstrip("0") or "0"
    return f"{sign if whole != '0' or rest != '0' else ''}{whole}.{rest}"


def _boolean(text: str) -> str:
    found = _BOOLEANS.get(text.strip().lower())
    if found is None:
        raise Unfit("neither true nor false")
    return literal(found, "boolean")


def _degrees(limit: int, name: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        number = read_decimal(text)
        if abs(float(number)) > limit:
            raise Unfit(f"no {name} from -{limit} to {limit}")
        return literal(number, "decimal")

    return read


def _url(text: str) -> str:
    text = text.strip()
    if not is_web_iri(text):
        raise Unfit("no http or https address")
    return f"<{text}>"


def reader(kind: str, formats: tuple[str, ...], lang: str) -> Callable[[str], str]:
    """What turns a text of a kind into a term of N-Quads; `Unfit` if it is not of that kind."""
    if kind == "text":
        return lambda text: literal(" ".join(text.split()) if lang else text, "", lang)
    if kind == "date":
        return lambda text: literal(read_day(text, formats), "date")
    return _KINDS[kind]


_KINDS: dict[str, Callable[[str], str]] = {
    "integer": _integer,
    "decimal": lambda text: literal(read_decimal(text), "decimal"),
    "boolean": _boolean,
    "latitude": _degrees(90, "latitude"),
    "longitude": _degrees(180, "longitude"),
    "url": _url,
}


def is_day(text: str) -> bool:
    """Whether a text is an ISO day that exists."""
    try:
        return bool(_ISO.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
