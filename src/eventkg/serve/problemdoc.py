"""What the API document says of an answer that tells what is wrong: see `problems`."""

from __future__ import annotations

from typing import Any


def problem(description: str, **members: dict[str, Any]) -> dict[str, Any]:
    """RFC 9457's members that each of ours has, and schemas of some that it may have."""
    text = {"type": "string"}
    schema = {
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {"title": text, "status": {"type": "integer"}, "detail": text, **members},
    }
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}
