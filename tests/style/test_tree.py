"""What the tree promises to a stranger: small files, names that say what they are, nothing private."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

MAX_LINES = 400
_NAMED_AFTER_NOTHING = {"utils.py", "helpers.py", "common.py", "misc.py"}
_PRIVATE = {
    "address of a package registry": re.compile(r"files[.]pythonhosted|pypi\.org/[s]imple|registry\.npm[j]s"),
    "path of a machine": re.compile(r"(?<![A-Za-z0-9_.])/(work|farm|home|root)[/][a-z]"),
}


def tracked(root: Path) -> list[Path]:
    """Files that git tracks, or the tree without what make makes where this is no checkout."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [root / name for name in done.stdout.split("\0") if name and (root / name).is_file()]


def test_no_python_file_has_two_jobs(root: Path) -> None:
    long = {
        str(path.relative_to(root)): count
        for path in tracked(root)
        if path.suffix == ".py" and (count := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert not long


def test_no_file_is_named_after_nothing(root: Path) -> None:
    assert not [path for path in tracked(root) if path.name in _NAMED_AFTER_NOTHING]


@pytest.mark.parametrize("secret", _PRIVATE)
def test_no_file_holds_a_private_address(secret: str, root: Path) -> None:
    found = [path for path in tracked(root) if _PRIVATE[secret].search(path.read_text("utf-8", "replace"))]
    assert not found


def test_every_module_has_a_test_folder(root: Path) -> None:
    modules = {p.parent.name for p in (root / "src" / "eventkg").glob("*/__init__.py")}
    assert modules <= {p.name for p in (root / "tests").iterdir()}


@pytest.mark.parametrize(
    "name", ["ontology", "data", "src/eventkg", "shapes", "tests", "pyproject.toml", "README.md"]
)
def test_the_tree_has_the_names_it_must_have(name: str, root: Path) -> None:
    assert (root / name).exists()
