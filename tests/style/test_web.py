"""What runs in a browser: the bundle in the package is the one that its sources make; types and lint."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
_NODE = shutil.which("node", path=_PATH)
needs_node = pytest.mark.skipif(_NODE is None, reason="Node is not installed")


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    web = root / "web"
    if not (web / "node_modules" / "esbuild").is_dir():
        pytest.skip("web/node_modules is not installed (make web)")
    environment = {**os.environ, "PATH": _PATH, "NO_COLOR": "1"}
    return subprocess.run(
        [str(_NODE), *command],
        cwd=web,
        env=environment,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )


def written(root: Path) -> dict[str, bytes]:
    """What the build writes, by path below the package."""
    folders = root / "export" / "static", root / "serve" / "static" / "app"
    kept = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    return {str(path.relative_to(root)): path.read_bytes() for path in kept if path.suffix != ".html"}


@needs_node
@pytest.mark.slow
def test_the_bundle_in_the_package_is_what_its_sources_make(root: Path, tmp_path: Path) -> None:
    done = run(root, "build.mjs", str(tmp_path))
    assert done.returncode == 0, done.stderr
    made, kept = written(tmp_path), written(root / "src" / "eventkg")
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == [], "run `make web`"


@needs_node
@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("node_modules/typescript/bin/tsc", "--noEmit"),
        ("node_modules/@biomejs/biome/bin/biome", "ci", "--error-on-warnings", "."),
    ],
    ids=["tsc", "biome"],
)
def test_the_tool_finds_nothing(command: Sequence[str], root: Path) -> None:
    done = run(root, *command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_explorers_islands_are_under_six_megabytes(root: Path) -> None:
    folder = root / "src" / "eventkg" / "serve" / "static" / "app"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 6 << 20


_ALL, _SPARQL, _NETWORK = 6_000_000, 520_000, 230_000  # bytes: what may be bundled, and what a page may load
_IMPORTED = re.compile(rb"""(?:from|import|import\()\s*"(\./[^"]+)\"""")


def test_what_browsers_load_stays_small(root: Path) -> None:
    """All that is bundled, and for the heaviest pages whatever their scripts import, at once or later."""
    package = root / "src" / "eventkg"
    assert sum(map(len, written(package).values())) < _ALL
    app = package / "serve" / "static" / "app"
    for name, most in (("sparql", _SPARQL), ("network", _NETWORK)):
        loaded: dict[str, int] = {}
        waiting = [f"./{name}.js"]
        while waiting:
            path = waiting.pop()
            text = (app / path).read_bytes()
            loaded[path] = len(text)
            waiting += [found for one in _IMPORTED.findall(text) if (found := one.decode()) not in loaded]
        assert len(loaded) > 1, name
        assert sum(loaded.values()) - (0 if name == "network" else _picture(loaded)) < most, loaded


def _picture(loaded: dict[str, int]) -> int:
    """The picture of a network comes only when a chart is wanted: it is the largest part."""
    return max(size for path, size in loaded.items() if "chunk" in path)


def test_versions_are_exact_and_the_lock_holds_no_address(root: Path) -> None:
    package = json.loads((root / "web" / "package.json").read_text(encoding="utf-8"))
    lock = (root / "web" / "package-lock.json").read_text(encoding="utf-8")
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert all(version[0].isdigit() for version in wanted.values())
    locked = json.loads(lock)["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert '"resolved"' not in lock
    assert all("integrity" in told for name, told in locked.items() if name)
