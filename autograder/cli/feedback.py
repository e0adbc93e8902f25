"""`autograder feedback`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ..grading.course import Course, load_course
from .app import BAD_USE, CANNOT_WORK, app, check_choice, complain
from .output_file import check_writable, write_whole

if TYPE_CHECKING:
    from ..nbgrader_plugin.feedback_run import Tally

NAMED = 5  # students named in one sentence
KINDS = ("canvas", "moodle", "zip")
WHAT_IS_MISSING = {
    "canvas": "Canvas's numbers of the student and the file are not known: run `autograder collect` with the download again (--from canvas)",
    "moodle": "Moodle's numbers are not known, or two students have the same: run `autograder collect` with the download again (--from moodle)",
    "zip": "two students have the same id",
}


@app.command()
def feedback(
    assignments: Annotated[list[str] | None, typer.Argument(help="Assignments; all that are graded when none is named.")] = None,
    pack: Annotated[str | None, typer.Option(metavar="PLATFORM", help="Pack the pages, one file a student: for canvas, moodle, or as a plain zip.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The archive of --pack; else feedback_ASSIGNMENT_PLATFORM.zip.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Make unchanged pages again, too.")] = False,
) -> None:
    """Make the feedback pages that are missing or no longer show what the gradebook holds; pack them for a learning platform.

    The pages are those of `nbgrader generate_feedback`, in feedback/STUDENT/ASSIGNMENT/: each one file, which needs no network.
    Exit status: 0 done, 2 bad use (nothing graded yet, for instance), 3 some pages could not be made or packed; they are named, and the others are there.
    """
    course = load_course()
    check_choice("--pack", pack, KINDS)
    if out is not None and pack is None:
        raise SystemExit(complain("--out is the archive of --pack: say which platform it is for", BAD_USE))
    if out is not None and len(set(assignments or ())) != 1:
        raise SystemExit(complain("--out is the archive of one assignment: name one", BAD_USE))
    for name in assignments or ():
        course.assignment(name)
    from ..nbgrader_plugin.feedback_files import FOLDER
    from ..nbgrader_plugin.feedback_run import graded_submissions, make_pages

    if (course.root / FOLDER).is_symlink() or (course.root / FOLDER).is_file():
        raise SystemExit(complain(f"{FOLDER} is a link or a file: pages would be written elsewhere. Take it away", BAD_USE))
    names = list(dict.fromkeys(assignments or [name for name in course.names if name in course.masters]))
    students = {name: graded_submissions(course, name) for name in names}
    empty = [name for name in names if not students[name]]
    if len(empty) == len(names) or (assignments and empty):
        raise SystemExit(complain(f"nothing of {', '.join(empty or names)} is graded: grade first", BAD_USE))
    names = [name for name in names if students[name]]
    targets = {name: out or Path(f"feedback_{name}{f'_{pack}' if pack != 'zip' else ''}.zip") for name in names} if pack else {}
    check_writable(*targets.values())
    console = Console(highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("feedback", total=sum(map(len, students.values())))
        tally = make_pages(course, names, everything, lambda: progress.update(task, advance=1))
    left_out = _report(console, tally)
    for name, target in targets.items():
        left_out |= _pack(console, course, name, pack or "", target, tally)
    if left_out:
        raise SystemExit(CANNOT_WORK)


def _report(console: Console, tally: "Tally") -> bool:
    """Says what was done; whether something could not be."""
    console.print(f"{tally.made} pages made, {tally.unchanged} unchanged")
    for sentence in tally.notes:
        console.print(sentence, markup=False, soft_wrap=True)
    by_sentence: dict[str, list[str]] = {}
    for student, assignment, sentence in tally.failed:
        by_sentence.setdefault(sentence, []).append(f"{student}, {assignment}")
    for sentence, named in by_sentence.items():
        console.print(f"[red]no page:[/] {escape(_named(named))}: {escape(sentence)}", soft_wrap=True)
    return bool(tally.failed)


def _pack(console: Console, course: Course, assignment: str, kind: str, target: Path, tally: "Tally") -> bool:
    """Writes the archive of one assignment; whether somebody is not in it."""
    from ..collecting.known_ids import handed_in_as, known_students
    from ..reports.feedback_archive import feedback_archive

    pages = tally.pages.get(assignment, {})
    archive = feedback_archive(kind, assignment, pages, known_students(course.root), handed_in_as(course.root, assignment))
    if archive.names:
        write_whole(target, archive.content)
        console.print(f"[green]wrote[/] {escape(str(target))}: {len(archive.names)} students", soft_wrap=True)
    if archive.left_out:
        not_written = "" if archive.names else f" and {target} was not written"
        console.print(f"[red]not packed{escape(not_written)}:[/] {escape(_named(archive.left_out))}: {WHAT_IS_MISSING[kind]}", soft_wrap=True)
    return bool(archive.left_out)


def _named(names: list[str]) -> str:
    more = len(names) - NAMED
    return "; ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
