"""Servers that can be written to, each over a store of its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
from tests.conftest import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "sesame open"  # noqa: S105  (a test's)


class Endpoint:
    """A client of one server that may write."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = httpx.Client(base_url=address, timeout=60, headers={"Authorization": f"Bearer {TOKEN}"})

    def update(self, text: str, **parameters: str) -> httpx.Response:
        return self.client.post("/update", data={"update": text, **parameters})

    def done(self, text: str, **parameters: str) -> None:
        answer = self.update(text, **parameters)
        assert answer.status_code == 204, answer.text

    def rows(self, query: str, **parameters: str) -> list[tuple[str, ...]]:
        answer = self.client.get("/sparql", params={"query": query, **parameters})
        assert answer.status_code == 200, answer.text
        names = sorted(answer.json()["head"]["vars"])
        rows = answer.json()["results"]["bindings"]
        return sorted(tuple(row[name]["value"] if name in row else "" for name in names) for row in rows)

    def ask(self, query: str, **parameters: str) -> bool:
        answer = self.client.get("/sparql", params={"query": query, **parameters})
        assert answer.status_code == 200, answer.text
        return bool(answer.json()["boolean"])


@contextmanager
def writable(folder: Path, *options: str) -> Iterator[Endpoint]:
    """A server over a new store."""
    token = folder / "token"
    token.write_text(f"{TOKEN}\n", encoding="utf-8")
    more = ("-l", str(folder / "store"), "--allow-update", "--token-file", str(token), *options)
    with serving("--timeout-s", "60", "--memory-mb", "512", "--snapshot", "disk", *more) as address:
        endpoint = Endpoint(address)
        with endpoint.client:
            yield endpoint
