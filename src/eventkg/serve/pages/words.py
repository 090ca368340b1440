"""Numbers and days as a reader's own language writes them; the language comes from the request."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from starlette.requests import Request

_DAY, _MONTH = 10, 7  # characters of an ISO day, of an ISO month
_PLAIN = Locale("en", "GB")


def locale_of(request: Request) -> Locale:
    """The first language of Accept-Language that is known; British English unless told."""
    return _locale(request.headers.get("accept-language", "")[:200])


@lru_cache(256)
def _locale(accepted: str) -> Locale:
    for part in accepted.split(","):
        name = part.partition(";")[0].strip()
        try:
            return _PLAIN if name == "en" else Locale.parse(name, sep="-")
        except (ValueError, UnknownLocaleError):  # passed over, as RFC 9110 leaves it to the server
            continue
    return _PLAIN


class Words:
    """Filters for the templates in one language."""

    def __init__(self, locale: Locale) -> None:
        self._locale = locale

    def number(self, value: float) -> str:
        """`12,345` or `12 345`."""
        return format_decimal(value, locale=self._locale)

    def share(self, part: float, whole: float) -> str:
        """Per cent of a whole; "" of nothing. Few are not said to be none, nor nearly all to be all."""
        from babel.numbers import format_percent

        if not whole:
            return ""
        share = part / whole
        near = min(max(share, 0.01), 0.99) if 0 < part < whole else share
        about = "under " if share < near else "over " if share > near else ""
        return about + format_percent(near, locale=self._locale, format=None)

    def day(self, iso: str) -> Markup:
        """An ISO day, month or year in a <time>; what is none of them stays as it is."""
        said = self._said(iso)
        if not said:
            return escape(iso)
        return Markup('<time datetime="{}">{}</time>').format(iso, said)

    def span(self, first: str, last: str) -> Markup:
        """From one ISO day to another; one day alone where they are equal or one is missing."""
        if not first or not last or first == last:
            return self.day(first or last)
        return Markup("{} to {}").format(self.day(first), self.day(last))

    def _said(self, iso: str) -> str:
        try:
            day = date.fromisoformat((iso + "-01-01")[:_DAY] if len(iso) < _MONTH else (iso + "-01")[:_DAY])
        except ValueError:
            return ""
        if len(iso) >= _DAY:
            return format_date(day, "medium", locale=self._locale)
        return format_skeleton("yMMM" if len(iso) == _MONTH else "y", day, locale=self._locale)
