"""Settings: an argument or flag, then the environment, then eventkg.toml of the working folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eventkg.errors import UsageError
from eventkg.kg.configuration import limits, told
from eventkg.settings import Limits

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder in which nothing is set."""
    for name in ("TIMEOUT_S", "MEMORY_MB", "WORKERS"):
        monkeypatch.delenv(f"EVENTKG_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("flag", "variable", "file", "expected"),
    [
        (None, None, None, Limits().timeout_s),
        (None, None, "timeout_s = 3", 3),
        (None, None, "timeout_s = 2.5", 2.5),
        (None, None, 'timeout_s = "4"', 4),
        (None, "5", "timeout_s = 3", 5),
        (None, " 5 ", None, 5),
        (7, "5", "timeout_s = 3", 7),
        (0.25, None, None, 0.25),
        (1_000_000, None, None, 1_000_000),
    ],
)
def test_the_nearest_setting_wins(
    flag: float | None,
    variable: str | None,
    file: str | None,
    expected: float,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if variable is not None:
        monkeypatch.setenv("EVENTKG_TIMEOUT_S", variable)
    if file is not None:
        (folder / "eventkg.toml").write_text(file, encoding="utf-8")
    assert limits({"timeout_s": flag}) == Limits(timeout_s=expected)
    nothing_set = flag is None and variable is None and file is None
    assert told({"timeout_s": flag}) == ({} if nothing_set else {"timeout_s": expected})


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("timeout = 3", "eventkg.toml: 'timeout' found, one of timeout_s, memory_mb, workers expected"),
        ("[limits]\ntimeout_s = 3", "eventkg.toml: 'limits' found, one of"),
        ("timeout_s", "a TOML file of settings was expected"),
        ("timeout_s = 3\ntimeout_s = 4", "a TOML file of settings was expected"),
        ("timeout_s = 'soon'", "timeout_s: 'soon' found, a number expected"),
        ("timeout_s = ''", "timeout_s: '' found, a number expected"),
        ("timeout_s = true", "timeout_s: 'True' found, a number expected"),
        ("timeout_s = [1]", "timeout_s: '[1]' found, a number expected"),
        ("timeout_s = nan", "timeout_s: 'nan' found, a number above 0"),
        ("timeout_s = inf", "timeout_s: 'inf' found, a number above 0"),
        ("timeout_s = 0", "timeout_s: '0' found, a number above 0"),
        ("timeout_s = -1", "timeout_s: '-1' found, a number above 0"),
        ("memory_mb = 1.5", "memory_mb: '1.5' found, a whole number expected"),
        ("memory_mb = 1000001", "memory_mb: '1000001' found, a number above 0 and up to 1,000,000 expected"),
        ("workers = 0", "workers: '0' found, a number above 0"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_expected(file: str, said: str, folder: Path) -> None:
    (folder / "eventkg.toml").write_text(file, encoding="utf-8")
    with pytest.raises(UsageError) as wrong:
        limits({})
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"timeout_s = 3 # \xe9", None], ids=["bytes", "Latin-1", "folder"]
)
def test_a_file_of_settings_that_cannot_be_read_is_named(content: bytes | None, folder: Path) -> None:
    path = folder / "eventkg.toml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=r"eventkg\.toml: .* a TOML file of settings was expected"):
        limits({})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EVENTKG_TIMEOUT_S", "", "timeout_s: '' found"),
        ("EVENTKG_TIMEOUT_S", "1,5", "timeout_s: '1,5' found"),
        ("EVENTKG_MEMORY_MB", "2 GB", "memory_mb: '2 GB' found, a whole number expected"),
        ("EVENTKG_WORKERS", "-3", "workers: '-3' found, a number above 0"),
    ],
)
def test_a_wrong_variable_is_named(
    name: str, value: str, said: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=said):
        limits({}, folder)


def test_a_wrong_setting_that_a_flag_replaces_hurts_nobody(folder: Path) -> None:
    (folder / "eventkg.toml").write_text("timeout_s = 'soon'", encoding="utf-8")
    assert limits({"timeout_s": 5}) == Limits(timeout_s=5)


def test_the_file_of_another_folder_does_not_count(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "eventkg.toml").write_text("timeout_s = 3", encoding="utf-8")
    below = folder / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    assert limits({}) == Limits()
    assert limits({}, folder) == Limits(timeout_s=3)
