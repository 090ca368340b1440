"""The installed package carries everything that the checkout has."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_an_installed_package_answers_without_the_checkout(root: Path, tmp_path: Path) -> None:
    build: list[str | Path] = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(build, cwd=root, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(installed)
    query = "SELECT ?who { event:2017-01-22-al-bab-strike ekg:performedBy ?who }"
    command = [sys.executable, "-P", "-m", "eventkg", "query", "--format", "csv", query]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.split() == ["who", "https://w3id.org/eventkg/id/actor/russian-aerospace-forces"], (
        done.stderr
    )
    assert (installed / "eventkg" / "resources" / "shapes" / "claim.ttl").is_file()
    assert (installed / "eventkg" / "py.typed").is_file()
