"""The dialogues under some paths, held one after another, and the report about them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.bots import Bot
from core.errors import ConfigError
from gateway.bot_files import BotFiles
from gateway.bots import compile_report
from gateway.checking import bot_folder_of
from gateway.one_bot import compile_bot, files_of, make_bot
from gateway.rehearsal.coverage import missed, ranges, recorded
from gateway.rehearsal.dialogue import Dialogue, read_comments, read_transcript
from gateway.rehearsal.play import Outcome, play
from gateway.rehearsal.stage import answerable
from interpreter.errors import ReleaseError
from interpreter.keywords import KeywordTable

FOLDER = "tests"  # of a bot: its transcripts
GOOD, FAILED, EMPTY, BROKEN = 0, 1, 2, 65
Say = Callable[[str], None]


@dataclass
class _Subject:
    """A script that dialogues are held with."""

    files: BotFiles
    bot: Bot
    table: KeywordTable
    ran: dict[str, set[int]] = field(default_factory=dict)


def run_tests(
    paths: Iterable[Path], keywords_of: Callable[[Path], KeywordTable], *, coverage: bool, say: Say
) -> int:
    """Hold every dialogue under *paths*.

    :returns: 0; 1 if one went another way; 2 if there is none; 65 if a script does not compile.
    :raises ConfigError: a dialogue or config.csv cannot be read.
    """
    subjects: dict[Path, _Subject] = {}
    outcomes: list[Outcome] = []
    broken = False
    for script, dialogue in _found(paths):
        if script not in subjects:
            try:
                subjects[script] = _subject(script, keywords_of(script.parent), say)
            except ReleaseError as failure:
                say(compile_report(failure, files_of(script)[0]))
                broken = True
                break
        outcomes.append(_held(dialogue, subjects[script]))
        _tell(outcomes[-1], say)
    if broken:
        return BROKEN
    if not outcomes:
        say("there are no conversations to test here")
        return EMPTY
    if coverage:
        for subject in subjects.values():
            _cover(subject, say)
    failed = sum(bool(outcome.problem) for outcome in outcomes)
    count = f"{len(outcomes)} conversation{'s' if len(outcomes) > 1 else ''}"
    say(f"{count}, {failed} failed" if failed else f"{count}, all as written")
    return FAILED if failed else GOOD


def _found(paths: Iterable[Path]) -> Iterator[tuple[Path, Dialogue]]:
    """Each dialogue with the script that it is held with: by itself, or the bot's start.bas."""
    for path in paths:
        named = path.is_file()
        files = [path] if named else sorted(found for found in path.rglob("*") if found.is_file())
        for file in files:
            if file.suffix.lower() == ".bas":
                dialogue = read_comments(file)
                if dialogue is not None:
                    yield file, dialogue
                elif named:
                    hint = "comments such as  ' expect: Hello  and  ' hear: Ana  state one"
                    raise ConfigError(f"{file} states no conversation", hint=hint)
            elif file.suffix == ".txt" and (named or file.parent.name == FOLDER):
                home = bot_folder_of(file)
                if home is not None:
                    yield home, read_transcript(file)
                elif named:
                    raise ConfigError(f"{file} is in no bot's folder", hint=f"put it into <bot>/{FOLDER}")


def _subject(script: Path, table: KeywordTable, say: Say) -> _Subject:
    files, start = files_of(script)
    release = compile_bot(files, start, answerable(table), say)
    return _Subject(files, make_bot(files, release, start, say), table)


def _held(dialogue: Dialogue, subject: _Subject) -> Outcome:
    with recorded(subject.ran):
        return asyncio.run(play(dialogue, subject.bot, subject.table))


def _tell(outcome: Outcome, say: Say) -> None:
    if outcome.problem:
        say(f"FAIL  {outcome.dialogue.path}:{outcome.line}\n{outcome.problem}")
    else:
        say(f"ok    {outcome.dialogue.path}")


def _cover(subject: _Subject, say: Say) -> None:
    assert subject.bot.release is not None
    for name, (count, never) in missed(subject.bot.release, subject.table, subject.ran).items():
        rest = f"; never: {ranges(never)}" if never else ""
        say(f"{subject.files.paths[name]}: {count - len(never)} of {count} lines ran{rest}")
