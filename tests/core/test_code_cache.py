"""Compiled code on disk: used when it is ours and whole; in every other case the script is compiled again."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from core.code_cache import MOST, CodeCache, name_of
from interpreter import compiled
from interpreter.errors import ReleaseError
from interpreter.keywords import KeywordTable
from interpreter.program import Release, compile_sources, digest_of
from interpreter.run import begin
from tests.interpreter.dialogue_kit import KEYWORDS, World, read_golden

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "language").glob("*.bas"))
KEY = bytes(range(32))
HELLO = {"start": 'TALK "Hello"'}
OTHER = {"start": 'TALK "Something else"'}


def name(sources: dict[str, str], keywords: KeywordTable = KEYWORDS) -> str:
    return name_of(digest_of(sources), keywords, service_paths=False)


def said(release: Release) -> list[str]:
    step = begin(release, "start", snapshot=b"", surroundings=World().surroundings())
    return [output.text for output in step.outputs]


@pytest.fixture
def cache(tmp_path: Path) -> CodeCache:
    return CodeCache(tmp_path / "code", KEY)


def only_file(cache: CodeCache) -> Path:
    (file,) = cache.folder.iterdir()
    return file


def planted(cache: CodeCache) -> Path:
    """The file of HELLO, with the code of another script in it: what is said tells where the code is from."""
    cache.write(name(HELLO), compile_sources(OTHER, KEYWORDS))
    return only_file(cache)


def test_what_was_compiled_before_is_not_compiled_again(cache: CodeCache) -> None:
    assert said(cache.release(HELLO, KEYWORDS)) == ["Hello"]
    planted(cache)
    assert said(cache.release(HELLO, KEYWORDS)) == ["Something else"]


@pytest.mark.parametrize("path", GOLDEN, ids=[path.stem for path in GOLDEN])
def test_compiled_scripts_come_back_as_they_were(path: Path) -> None:
    release = compile_sources(read_golden(path).sources, KEYWORDS)
    assert compiled.loads(compiled.dumps(release)) == release


@pytest.mark.parametrize("at", [0, 31, 32, 40, -1])
def test_a_damaged_file_is_compiled_again_and_mended(cache: CodeCache, at: int) -> None:
    file = planted(cache)
    raw = bytearray(file.read_bytes())
    raw[at] ^= 1
    file.write_bytes(raw)
    assert said(cache.release(HELLO, KEYWORDS)) == ["Hello"]
    assert cache.read(name(HELLO)) == compile_sources(HELLO, KEYWORDS)


@pytest.mark.parametrize("kept", [0, 1, 32, 100])
def test_a_file_that_was_cut_off_is_compiled_again(cache: CodeCache, kept: int) -> None:
    file = planted(cache)
    file.write_bytes(file.read_bytes()[:kept])
    assert said(cache.release(HELLO, KEYWORDS)) == ["Hello"]


def test_code_of_another_installation_does_not_run(cache: CodeCache) -> None:
    planted(CodeCache(cache.folder, bytes(32)))
    assert said(cache.release(HELLO, KEYWORDS)) == ["Hello"]


def test_a_file_under_another_name_does_not_run(cache: CodeCache) -> None:
    cache.release(OTHER, KEYWORDS)
    only_file(cache).rename(cache.folder / name(HELLO))
    assert said(cache.release(HELLO, KEYWORDS)) == ["Hello"]


def test_other_keywords_other_scripts_and_other_settings_are_compiled_apart(cache: CodeCache) -> None:
    fewer = KeywordTable(list(KEYWORDS)[1:])
    names = {
        name(HELLO),
        name(OTHER),
        name({"begin": HELLO["start"]}),
        name(HELLO, fewer),
        name_of(digest_of(HELLO), KEYWORDS, service_paths=True),
    }
    assert len(names) == 5
    assert name({"START": HELLO["start"]}) == name(HELLO), "stems differ in case only"


def test_errors_are_reported_every_time_and_leave_no_file(cache: CodeCache) -> None:
    for _ in range(2):
        with pytest.raises(ReleaseError):
            cache.release({"start": "IF x THEN"}, KEYWORDS)
    assert not cache.folder.exists()


def test_the_folder_is_the_owners_alone_and_does_not_grow_for_ever(cache: CodeCache) -> None:
    release: Any = compile_sources(HELLO, KEYWORDS)
    for number in range(MOST + 20):
        cache.write(f"{number:064}", release)
    files = list(cache.folder.iterdir())
    assert len(files) == MOST
    assert cache.read(f"{MOST + 19:064}") is not None
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "code").write_text("a file stands where the folder should be")
    assert said(CodeCache(tmp_path / "code", KEY).release(HELLO, KEYWORDS)) == ["Hello"]
