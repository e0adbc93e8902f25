"""`autograder collect`: what a learning platform hands over, into submitted/."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ..grading.course import load_course
from .app import CANNOT_WORK, app, check_choice

if TYPE_CHECKING:
    from ..collecting.collection import Collection

NAMED = 10  # people or files named in one sentence
WORDS = {
    "taken": "new", "replaced": "newer than what stands, which is kept", "unchanged": "unchanged", "older": "older than what stands: left",
    "unclear": "LEFT OUT", "failed": "LEFT OUT",
}  # fmt: skip


@app.command("collect")
def collect(
    path: Annotated[Path, typer.Argument(metavar="ZIP|DIR", help="The download, packed or unpacked; for git a folder of clones or a list of addresses.")],
    system: Annotated[str, typer.Option("--from", help="canvas, moodle, gradescope, git or folder.")],
    assignment: Annotated[str, typer.Option(help="The assignment that was handed in.")],
    roster: Annotated[Path | None, typer.Option(metavar="CSV", help="Ids, names, emails; without it ids are made of names.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    ignore_times: Annotated[bool, typer.Option("--ignore-times", help="folder: take no time stamps from files.")] = False,
) -> None:
    """Fill submitted/STUDENT/ASSIGNMENT/ from a download of Canvas, Moodle or Gradescope, from repositories or from a folder.

    Of several attempts the newest is taken. What stands in submitted/ is replaced only by something newer, and is then kept in .state/replaced/.
    The same download again changes nothing.
    Whoever is missing, unknown or cannot be told from somebody else is listed.
    Exit status: 0 all found their place, 2 bad use (nothing was written), 3 some were left out and are named.
    """
    from ..collecting.collection import SYSTEMS
    from ..collecting.collection import collect as run_collect

    check_choice("--from", system, SYSTEMS)
    course = load_course()
    found = run_collect(course, assignment, path, system, roster, dry_run, ignore_times)
    _report(Console(highlight=False, soft_wrap=True), found, course.root, assignment, dry_run, roster is not None)
    if not found.is_whole:
        raise SystemExit(CANNOT_WORK)


def _report(console: Console, found: "Collection", root: Path, assignment: str, dry_run: bool, has_roster: bool) -> None:
    def say(sentence: str) -> None:
        console.print(sentence, markup=False)

    for outcome in found.outcomes:
        if dry_run:
            time = f", {outcome.time:%Y-%m-%d %H:%M %Z}" if outcome.time else ""
            say(f"{outcome.student}: {WORDS[outcome.what]} ({outcome.files} files{time})")
        for note in outcome.notes:
            say(f"{outcome.student}: {note}")
        if outcome.kept:
            say(f"{outcome.student}: what stood there {'would be' if dry_run else 'is'} kept in {outcome.kept}")
    for student, older in found.older.items():
        times = [f"{attempt.time:%Y-%m-%d %H:%M %Z}" if attempt.time else "of unknown time" for attempt in older]
        say(f"{student}: {_listed(times)}: older, not taken")
    if found.late:
        say(
            f"marked as late, and it is not said by how much, so {_listed(found.late)} got the first second that is late: write better times into timestamp.txt"
        )
    if found.without_time:
        say(f"no time is known of {found.without_time} hand-ins: they count as in time")
    for sentence in found.notes:
        say(sentence)
    matches = found.matches
    if matches.missing:
        names = [
            student.id + (" (an earlier one stands)" if (root / "submitted" / student.id / assignment).is_dir() else "") for student in matches.missing
        ]  # fmt: skip
        say(f"missing, in the roster and not in the download: {_listed(names)}")
    for sentence in [*matches.doubled, *found.left_out]:
        say(f"left out: {sentence}")
    if matches.unknown:
        why, what = ("not in the roster", "add a line for each") if has_roster else ("no id can be made of the name", "give a --roster")
        say(f"left out, {why}: {_listed([person.words for person in matches.unknown])}: {what}, and run this again")
    _totals(say, found, dry_run)


def _totals(say, found: "Collection", dry_run: bool) -> None:
    numbers = {what: sum(outcome.what == what for outcome in found.outcomes) for what in WORDS}
    words = [f"{numbers['taken']} new", f"{numbers['replaced']} replaced by newer", f"{numbers['unchanged']} unchanged"]
    words += [f"{numbers['older']} older than what stands"] if numbers["older"] else []
    out = numbers["unclear"] + numbers["failed"] + len(found.matches.unknown) + len(found.matches.doubled)
    words += [f"{out} left out"] if out else []
    say(("would be: " if dry_run else "") + ", ".join(words))


def _listed(names: list[str]) -> str:
    from ..collecting.errors import shown

    more = len(names) - NAMED
    return ", ".join(map(shown, names[:NAMED])) + (f" and {more} more" if more > 0 else "")
