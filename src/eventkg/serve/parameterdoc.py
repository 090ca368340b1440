"""What the API document says of a parameter of an address: see `parameters`."""

from __future__ import annotations

from typing import Any


def parameter(
    name: str, description: str, schema: dict[str, Any], example: object = None, *, required: bool = False
) -> dict[str, Any]:
    """A Parameter Object (OpenAPI 3.1, section 4.8.12).

    One that need not be there may be empty, as forms send it, and is as good as none then.
    """
    told = {"name": name, "in": "query", "required": required, "schema": schema, "description": description}
    if not required:
        told["allowEmptyValue"] = True
    return told if example is None else {**told, "example": example}
