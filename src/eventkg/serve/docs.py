"""The API's documentation: Swagger UI from our own disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from starlette.requests import Request

_PAGE = Path(__file__).parent / "templates" / "docs.html"


async def page(_: Request) -> HTMLResponse:
    """It loads a script, a style and the OpenAPI document."""
    return HTMLResponse(_PAGE.read_text(encoding="utf-8"))
