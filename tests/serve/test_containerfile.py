"""The Containerfile is one: known instructions, files that exist, no root, options that the command has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from eventkg.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = {
    "FROM", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "ENV", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK",
    "ENTRYPOINT", "CMD",
}  # fmt: skip


def instructions(root: Path) -> list[tuple[str, str]]:
    text = (root / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


def test_its_instructions_are_known_and_complete(root: Path) -> None:
    found = instructions(root)
    assert found[0][0] == "FROM"
    assert {name for name, _ in found} <= KNOWN
    assert all(rest for _, rest in found)
    for name, rest in found:
        if name in {"ENTRYPOINT", "CMD", "VOLUME"}:
            assert all(isinstance(word, str) for word in json.loads(rest))
    users = [rest for name, rest in found if name == "USER"]
    assert users
    assert users[-1] not in {"root", "0"}


def test_what_it_copies_is_there(root: Path) -> None:
    for name, rest in instructions(root):
        if name == "COPY":
            assert all((root / source).exists() for source in rest.split()[:-1])


def test_what_it_starts_is_our_command(root: Path) -> None:
    found = dict(instructions(root))
    program, *arguments = json.loads(found["ENTRYPOINT"]) + json.loads(found["CMD"])
    assert program == "eventkg"
    help_text = CliRunner().invoke(cli, [arguments[0], "--help"]).output
    assert all(option in help_text for option in arguments if option.startswith("--"))
