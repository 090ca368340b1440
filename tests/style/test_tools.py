"""The tools that read the code: lint, format, types, directions of imports, spelling."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_BIN = Path(sys.executable).parent
_TOOLS = {
    "ruff check": ["ruff", "check", "--no-cache", "."],
    "ruff format": ["ruff", "format", "--no-cache", "--check", "."],
    "mypy --strict": ["mypy"],
    "import-linter": ["lint-imports", "--no-cache"],
    "codespell": [
        "codespell",
        *["README.md", "CHANGELOG.md", "CONTEXT.md", "docs", "src", "ontology", "shapes", "data", "tests"],
        "web/src",
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("tool", _TOOLS)
def test_the_tool_finds_nothing(tool: str, root: Path) -> None:
    name, *arguments = _TOOLS[tool]
    done = subprocess.run([_BIN / name, *arguments], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
