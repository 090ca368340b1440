"""The pages in a real browser, scripts and content policy included."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from eventkg.query.named import examples

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = shlex.split(
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --virtual-time-budget=5000"
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


def dom(address: str, profile: Path) -> str:
    """The page's elements after its scripts have run."""
    command = [str(CHROMIUM), *_FLAGS, f"--user-data-dir={profile}", "--dump-dom", address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "Content Security Policy" not in done.stderr
    return done.stdout


def test_the_first_example_shows_the_pentagons_denial(server: str, tmp_path: Path) -> None:
    page = dom(f"{server}/sparql?query={quote(examples()[0])}", tmp_path)
    assert "deniedBy" in page
    assert "actor:pentagon" in page
    assert "ekg:Contested" in page


def test_the_documentation_renders_the_operations(server: str, tmp_path: Path) -> None:
    page = dom(f"{server}/docs", tmp_path)
    assert "swagger-ui" in page
    assert 'data-path="/sparql"' in page


def test_a_script_in_an_answer_does_not_run(server: str, tmp_path: Path) -> None:
    script = "<script>document.title='run'</script><img src=x onerror=\\\"document.title='run'\\\">"
    query = f'SELECT ?x {{ BIND("{script}" AS ?x) }}'
    page = dom(f"{server}/sparql?query={quote(query)}", tmp_path)
    assert "<title>Answer" in page
    assert "&lt;script&gt;" in page
