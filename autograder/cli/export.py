"""`autograder export`: marks for learning platforms, criteria for analysis."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ..grading.course import Course, load_course
from .app import BAD_USE, app, check_choice, complain
from .output_file import check_writable, write_whole

DEFAULT_NAMES = {
    "csv": "grades.csv", "canvas": "grades_canvas.csv", "moodle": "grades_moodle.csv", "criteria-csv": "criteria.csv", "criteria-parquet": "criteria.parquet",
}  # fmt: skip
MOODLE_MOST = 100


@app.command()
def export(
    assignments: Annotated[list[str] | None, typer.Argument(help="Assignments; all of the course when none is named.")] = None,
    format_: Annotated[str, typer.Option("--format", help=f"One of {', '.join(DEFAULT_NAMES)}.")] = "csv",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The file to write.")] = None,
    student_id: Annotated[str, typer.Option(help="Canvas: the gradebook's student ids are its login or sis ids.")] = "login",
    title: Annotated[list[str] | None, typer.Option(metavar="ASSIGNMENT=TITLE", help="What the platform calls an assignment; else its name.")] = None,
) -> None:
    """Export marks (csv as nbgrader's, canvas, moodle) or every criterion of every submission (criteria-csv, criteria-parquet).

    Exit status: 0 done, 2 bad use (nothing graded yet, for instance).
    """
    course = load_course()
    check_choice("--format", format_, tuple(DEFAULT_NAMES))
    check_choice("--student-id", student_id, ("login", "sis"))
    names = assignments or course.names
    for name in names:
        course.assignment(name)
    titles = {name: name for name in names} | _titles(course, title or [])
    path = out or Path(DEFAULT_NAMES[format_])
    check_writable(path)
    console = Console(highlight=False, soft_wrap=True)
    if format_.startswith("criteria"):
        content, words = _criteria(course, names, format_)
    else:
        content, words = _marks(course, names, format_, titles, student_id)
    write_whole(path, content)
    console.print(f"[green]wrote[/] {path}", style=None)
    for sentence in words:
        console.print(sentence, markup=False)


def _titles(course: Course, pairs: list[str]) -> dict[str, str]:
    titles = {}
    for pair in pairs:
        name, equals, words = pair.partition("=")
        if not equals or not words.strip():
            raise SystemExit(complain(f"--title is {pair!r}; it reads ASSIGNMENT=TITLE", BAD_USE))
        titles[course.assignment(name).name] = words.strip()
    if len(set(titles.values())) < len(titles):
        raise SystemExit(complain("two assignments have the same --title", BAD_USE))
    return titles


def _criteria(course: Course, names: list[str], format_: str) -> tuple[str | bytes, list[str]]:
    from ..reports.class_verdicts import load_class
    from ..reports.criteria_table import criteria_csv, criteria_parquet

    classes = [load_class(course.root, name) for name in names]
    if not any(found.verdicts for found in classes):
        raise SystemExit(complain(f"no verdicts of {', '.join(names)} in verdicts/: grade first", BAD_USE))
    make: Callable = criteria_csv if format_ == "criteria-csv" else criteria_parquet
    words = [f"{found.assignment}: {len(found.verdicts)} submissions" for found in classes if found.verdicts]
    words += [f"left out, not a verdict of this version: verdicts/{found.assignment}/{name}" for found in classes for name in found.broken]
    return make(classes), words


def _marks(course: Course, names: list[str], format_: str, titles: dict[str, str], student_id: str) -> tuple[str, list[str]]:
    from ..collecting.known_ids import known_students
    from ..reports.gradebook_csv import canvas_csv, moodle_csv, nbgrader_csv
    from ..reports.marks import with_known_ids
    from ..reports.safe_csv import safe_cell

    marks, sentences = _marks_now(course, names)
    if not marks.marks:
        raise SystemExit(complain(f"the gradebook holds no submission of {', '.join(names)}: grade first", BAD_USE))
    marks.assignments = {name: about for name, about in marks.assignments.items() if format_ == "csv" or any(key[0] == name for key in marks.marks)}
    if format_ != "csv":
        marks.students = with_known_ids(marks.students, known_students(course.root), format_)
    words = [f"{len(marks.students)} students, {len(marks.assignments)} assignments", *sentences]
    waiting = sum(mark.by_hand for mark in marks.marks.values())
    if waiting:
        words.append(f"{waiting} submissions still wait for a mark by hand: nbgrader's formgrader")
    if format_ != "csv":
        changed = sorted(s.id for s in marks.students if safe_cell(s.id) != s.id)
        if changed:
            words.append(f"the platform will not find these, whose ids were made safe for spreadsheets: {', '.join(map(repr, changed))}")
    if format_ == "moodle":
        above = sum(mark.score > MOODLE_MOST for mark in marks.marks.values())
        if above:
            words.append(f"{above} marks are above {MOODLE_MOST}, where Moodle stops an import unless its setting unlimitedgrades is on")
    contents = {
        "csv": lambda: nbgrader_csv(marks),
        "canvas": lambda: canvas_csv(marks, titles, student_id),
        "moodle": lambda: moodle_csv(marks, titles),
    }
    return contents[format_](), words


def _marks_now(course: Course, names: list[str]) -> tuple[Any, list[str]]:
    """The marks as the course's dates and exceptions have them today, and what the instructor should know."""
    from ..nbgrader_plugin.gradebook import gradebook_exists, gradebook_of, gradebook_url, nbgrader_config, shown_url
    from ..nbgrader_plugin.settle import Settler, settle_all
    from ..reports.marks import load_marks

    config = nbgrader_config(course)
    url = gradebook_url(config)
    if not gradebook_exists(url):
        raise SystemExit(complain(f"there is no {Path(shown_url(url)).name}: build and grade first", BAD_USE))
    with gradebook_of(course, config) as (gradebook, url):
        settler = Settler(course, gradebook, url, config)
        built = [name for name in names if name in course.masters]
        sentences = settle_all(settler, built)
        return load_marks(gradebook, names, {name: course.special_cases(name) for name in built}), sentences
