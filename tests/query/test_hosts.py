"""Which hosts may be asked: what the operator lists, looked at after its name was looked up."""

from __future__ import annotations

import socket

import pytest

from eventkg.errors import QueryError, UsageError
from eventkg.query.hosts import Listed, place_of

NAMES = {
    "public.test": ["93.184.216.34"],
    "two.test": ["93.184.216.34", "10.0.0.5"],
    "inside.test": ["10.0.0.5"],
    "loop.test": ["127.0.0.1"],
    "mapped.test": ["::ffff:10.0.0.5"],
    "link.test": ["169.254.169.254"],
    "unique.test": ["fd00::1"],
    "translated.test": ["64:ff9b::a00:5"],
    "tunnel.test": ["2002:a00:5::1"],
    "localhost": ["127.0.0.1", "::1"],
}


@pytest.fixture(autouse=True)
def no_real_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        if host not in NAMES and not host.replace(".", "").isdigit() and ":" not in host:
            raise OSError("unknown")
        return [(0, 0, 0, "", (address, port)) for address in NAMES.get(host, [host])]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize(
    ("url", "listed", "allowed"),
    [
        ("https://public.test/sparql", ["public.test"], True),
        ("https://PUBLIC.test./sparql", ["Public.Test"], True),
        ("http://public.test:8080/", ["public.test:8080"], True),
        ("http://public.test:8081/", ["public.test:8080"], False),
        ("http://public.test/", [], False),
        ("http://public.test/", ["other.test"], False),
        ("http://sub.public.test/", ["public.test"], False),
        ("http://two.test/", ["two.test"], False),
        ("http://two.test/", ["two.test", "10.0.0.5"], True),
        ("http://inside.test/", ["inside.test"], False),
        ("http://inside.test/", ["inside.test", "10.0.0.0/8"], True),
        ("http://inside.test/", ["10.0.0.5:80"], True),
        ("http://inside.test/", ["10.0.0.5:81"], False),
        ("http://loop.test/", ["loop.test"], False),
        ("http://127.0.0.1/", ["127.0.0.1"], True),
        ("http://127.0.0.1/", ["public.test"], False),
        ("http://localhost/", ["localhost"], True),
        ("http://localhost/", ["localhost:81"], False),
        ("http://mapped.test/", ["mapped.test"], False),
        ("http://link.test/", ["link.test"], False),
        ("http://unique.test/", ["unique.test"], False),
        ("http://translated.test/", ["translated.test"], False),
        ("http://tunnel.test/", ["tunnel.test"], False),
        ("http://nowhere.test/", ["nowhere.test"], False),
        ("http://me@public.test/", ["public.test"], False),
        ("ftp://public.test/", ["public.test"], False),
        ("file:///etc/passwd", ["public.test"], False),
        ("http://public.test:99999/", ["public.test"], False),
        ("http://", ["public.test"], False),
    ],
)
def test_a_host_is_asked_only_if_it_is_listed_and_leads_where_it_may(
    url: str, listed: list[str], allowed: bool
) -> None:
    entries = tuple(Listed.read(text) for text in listed)
    if allowed:
        assert place_of(url, entries).address
        return
    with pytest.raises(QueryError):
        place_of(url, entries)


@pytest.mark.parametrize(
    "text", ["", "http://x.test/", "x.test:0", "x.test:http", "a b", "10.0.0.1/40", "-x"]
)
def test_an_entry_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--allow-host"):
        Listed.read(text)
