"""What is spelt otherwise is found all the same; the same table holds for web/src/shared/fold.ts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.model.fold import fold

TABLE = Path(__file__).with_name("fold.json")
CASES = json.loads(TABLE.read_text(encoding="utf-8"))
NODE = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
IN_A_BROWSER = """
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const { fold } = await import(pathToFileURL(process.argv[1]));
const cases = JSON.parse(readFileSync(process.argv[2], "utf-8"));
process.stdout.write(JSON.stringify(cases.map(([text]) => [text, fold(text)])));
"""
TEXTS = st.one_of(st.text(), st.text("alesh- thdn'ZاليبءBab12"))  # noqa: RUF001


@pytest.mark.parametrize(("text", "folded"), CASES)
def test_a_text_is_folded_as_the_table_says(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(TEXTS)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_the_form_of_unicode_makes_no_difference(text: str, form: str) -> None:
    assert fold(unicodedata.normalize(form, text)) == fold(text)  # type: ignore[arg-type]


@given(TEXTS)
def test_what_is_left_are_words_with_one_space_between(text: str) -> None:
    assert fold(text) == " ".join(fold(text).split())
    assert all(word.isalnum() for word in fold(text).split())


@given(st.text("abcdeghkmnoqrstuwyzABCHMNQ", min_size=1))
def test_an_article_before_a_word_makes_no_difference(word: str) -> None:
    for article in ("al-", "Al-", "Al ", "el-", "al\u2011"):
        assert fold(article + word) == fold(word)


def test_every_character_that_has_another_form_is_folded_for_good() -> None:
    letters = [letter for letter in map(chr, range(sys.maxunicode + 1)) if changes(letter)]
    assert len(letters) > 5_000
    assert [letter for letter in letters if fold(fold(letter)) != fold(letter)] == []


def changes(letter: str) -> bool:
    if "\uac00" <= letter <= "\ud7a3":  # Hangul: all are alike, and many
        return letter < "\uac80"
    return letter.lower() != letter or not unicodedata.is_normalized("NFKD", letter)


@pytest.mark.skipif(NODE is None, reason="Node is not installed")
def test_the_browser_folds_as_the_table_says(root: Path) -> None:
    command = [str(NODE), "--input-type=module", "-e", IN_A_BROWSER]
    files = [str(root / "web" / "src" / "shared" / "fold.ts"), str(TABLE)]
    done = subprocess.run([*command, *files], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == CASES
