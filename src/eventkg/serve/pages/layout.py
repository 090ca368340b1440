"""What all pages share: the templates, the view in force, links that keep it, and how an error looks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup
from starlette.responses import HTMLResponse

from eventkg.errors import EventkgError
from eventkg.model.naming import BASE, shorten
from eventkg.serve import problems, service
from eventkg.serve.background import Background
from eventkg.serve.pages.frame import Frame, framed, name_of
from eventkg.serve.pages.words import Words, locale_of
from eventkg.serve.problems import HttpError
from eventkg.settings import VERSION

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

PATIENCE_S = 1.0  # of a page, before it says that it waits
_MOMENT_S = 0.1  # of a page that says so, for what stands around it
_ID = f"{BASE}id/"
_SAFE = "/:,-._~"  # in a query string, for addresses that people can read
# Where the pages are; a plain store has the last alone.
PLACES = (
    ("/", "Overview"),
    ("/events", "Events"),
    ("/network", "Network"),
    ("/compare", "Compare"),
    ("/validation", "Validation"),
    ("/sparql", "SPARQL"),
)
_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["shorten"] = shorten
_templates.filters["local"] = lambda iri: iri.removeprefix(_ID) if iri.startswith(_ID) else ""


class Links(NamedTuple):
    """Addresses of this server in one view."""

    view: str

    def to(self, path: str, **parameters: object) -> str:
        """A path with these parameters and the view in force; empty ones are left out, lists repeat one."""
        asked = {**parameters, "view": parameters.get("view", self.view)}
        pairs = [(name, value) for name, given in asked.items() for value in _each(given)]
        return path + ("?" + urlencode(pairs, safe=_SAFE, quote_via=quote) if pairs else "")

    def thing(self, iri: str, label: str = "", language: str = "") -> Markup:
        """An IRI under its label: ours leads to its page, one of the web there, another is text."""
        said = label or shorten(iri)
        if iri.startswith(_ID):
            return _anchor(self.to("/page/" + iri.removeprefix(_ID)), iri, said, language)
        if iri.startswith(("http://", "https://")) and not iri.startswith(BASE):
            return _anchor(iri, iri, said, language, "external noreferrer")
        return Markup('<span title="{}" dir="auto">{}</span>').format(iri, said)


def _each(given: object) -> list[str]:
    values = given if isinstance(given, list | tuple) else (given,)
    return [str(value) for value in values if value not in ("", None)]


def _anchor(address: str, title: str, said: str, language: str, relation: str = "") -> Markup:
    more = Markup(' lang="{}"').format(language) if language else ""
    more += Markup(' rel="{}"').format(relation) if relation else ""
    return Markup('<a href="{}" title="{}" dir="auto"{}>{}</a>').format(address, title, more, said)


def view_of(request: Request) -> str:
    """The name of the view that the address names, with a knowledge date if it has one; "" is the default.

    Raises:
        HttpError: 400, no such view.

    """
    name, known = (request.query_params.get(parameter, "").strip() for parameter in ("view", "known"))
    name = name_of(name)
    if known and "/as-known-on/" not in name:
        name = f"{name or 'default'}/as-known-on/{known}"
    if not name or name == "default":
        return ""
    try:
        service.of(request).graph.policy(name)
    except EventkgError as error:
        raise problems.of_error(error) from error
    return name


async def page(request: Request, template: str, status: int = 200, /, **values: Any) -> Response:
    """A page with what stands around every page; `view` in `values` is the name of the view it shows."""
    return _framed(request, await _frame(request), template, status, values)


async def waiting(request: Request, template: str, /, **values: Any) -> Response:
    """A page that says that it waits: it waits for nothing itself, not even for what stands around it."""
    made = _framed(request, await _frame(request, _MOMENT_S), template, 200, values)
    made.headers["Cache-Control"] = "no-store"
    return made


def _framed(request: Request, frame: Frame, template: str, status: int, values: dict[str, Any]) -> Response:
    view = str(values.pop("view", "")) if "view" in values else view_of(request)
    return _render(template, status, {**_around(request, frame, view), **values})


async def problem(request: Request, found: HttpError) -> Response:
    """An error as a page; it is shown even where the graph does not answer."""
    frame = await _frame(request, PATIENCE_S)
    made = _render("problem.html", found.status, {**_around(request, frame, ""), "problem": found})
    made.headers.update(found.headers or {})
    return made


async def _frame(request: Request, patience_s: float | None = None) -> Frame:
    """What stands around a page; nothing, where it cannot be had in that time."""
    asked = service.of(request)
    if asked.options.plain:
        return Frame()
    try:
        if patience_s is None:
            patience_s = asked.graph.limits.timeout_s
        return await _frames(request.app).answer("", patience_s) or Frame()
    except HttpError:
        return Frame()


def prepare(app: FastAPI) -> None:
    """Begin to make what stands around every page."""
    _frames(app).get("", 0)


def _frames(app: FastAPI) -> Background[str, Frame]:
    state = app.state
    if not hasattr(state, "frames"):
        state.frames = Background(state.graph, lambda graph, _: framed(graph), 1)
    frames: Background[str, Frame] = state.frames
    return frames


def _around(request: Request, frame: Frame, view: str) -> dict[str, Any]:
    """What a template can use beside what its page gives it."""
    plain = service.of(request).options.plain
    links, words = Links(view), Words(locale_of(request))
    return {
        "version": VERSION,
        "path": request.url.path,
        "places": PLACES[-1:] if plain else PLACES,
        "frame": frame,
        "view": view,
        "policy": "" if plain else service.of(request).graph.policy(view or None).iri,
        "kept": [pair for pair in request.query_params.multi_items() if pair[0] not in {"view", "known"}],
        "plain": plain,
        "link": links.to,
        "thing": links.thing,
        "number": words.number,
        "share_of": words.share,
        "day": words.day,
        "span": words.span,
    }


def _render(template: str, status: int, values: dict[str, Any]) -> Response:
    text = _templates.get_template(template).render(values)
    headers = {"Vary": "Accept, Accept-Language"}
    if values["policy"]:
        headers["Eventkg-View"] = values["policy"]
    return HTMLResponse(text, status_code=status, headers=headers)
