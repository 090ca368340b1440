"""Every command in the documents works and prints what the documents show.

A block ```console holds commands after `$ ` and what they print; `…` stands for anything, alone on a
line for any lines.
Commands that the documents show in ```sh blocks start servers or install things and are listed here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from tests import warm

ROOT = Path(__file__).parents[2]
_DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(console|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NOT_RUN = {"make serve", "make test", "eventkg serve --open", "make docs"}
_AS_INSTALLED = {"README.md", "store.md"}  # in the others `eventkg` has its imports behind it


class Step(NamedTuple):
    document: str
    command: str
    output: str


def steps(kind: str) -> list[Step]:
    found = []
    for document in _DOCUMENTS:
        for block in _BLOCK.finditer(document.read_text(encoding="utf-8")):
            if block[1] == kind:
                found += [Step(document.name, *pair) for pair in _split(block[2], kind)]
    return found


def _split(text: str, kind: str) -> list[tuple[str, str]]:
    """(command, output); a command goes on over lines until its quotes are closed."""
    if kind == "sh":
        return [(line.partition(" #")[0].strip(), "") for line in text.splitlines() if line.strip()]
    return [_command_and_output(piece) for piece in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]]


def _command_and_output(text: str) -> tuple[str, str]:
    lines = text.splitlines()
    end = 1
    while "\n".join(lines[:end]).count("'") % 2 or lines[end - 1].endswith("\\"):
        end += 1
    return "\n".join(lines[:end]), "\n".join(lines[end:])


@pytest.mark.slow
@pytest.mark.parametrize("document", sorted({step.document for step in steps("console")}))
def test_commands_print_what_the_document_shows(document: str, tmp_path: Path) -> None:
    """In one folder, one after the other, as a reader would run them."""
    commands = Path(sys.executable).parent if document in _AS_INSTALLED else warm.folder_of_command()
    path = os.pathsep.join([str(commands), str(Path(sys.executable).parent), os.environ["PATH"]])
    for step in steps("console"):
        if step.document == document:
            done = subprocess.run(
                ["bash", "-c", step.command],
                cwd=tmp_path,
                env={**os.environ, "PATH": path},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            shown = [line.rstrip() for line in step.output.splitlines() if line.strip()]
            printed = [line.rstrip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
            assert _fits(shown, printed), "\n".join([step.command, *printed])


def _fits(shown: list[str], printed: list[str]) -> bool:
    """Compare line by line; `…` skips."""
    pattern = "\n".join(".*" if line == "…" else re.escape(line).replace("…", ".*") for line in shown)
    return re.fullmatch(pattern, "\n".join(printed), re.DOTALL) is not None


def test_what_is_not_run_is_known() -> None:
    assert {step.command for step in steps("sh")} <= _NOT_RUN


def test_the_readme_has_commands() -> None:
    assert len([step for step in steps("console") if step.document == "README.md"]) >= 4
