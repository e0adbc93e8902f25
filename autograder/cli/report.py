"""`autograder report`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..grading.course import load_course
from ..judge.jobs import GraderFault
from .app import BAD_USE, app, complain
from .output_file import check_writable, write_whole


@app.command()
def report(
    assignments: Annotated[
        list[str] | None, typer.Argument(help="Assignments to look at closely, the one of the summary last; all that are graded if none.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The HTML file to write.")] = Path("report.html"),
) -> None:
    """Write a report on the class for the instructor: what to teach again, who needs help, the trend, what has changed. One HTML file, made from the stored
    verdicts.

    Trend, help and changes are of all assignments that are graded.
    Exit status: 0 done, 2 bad use (nothing graded yet, for instance).
    """
    from ..nbgrader_plugin.marks_by_hand import looked_at
    from ..nbgrader_plugin.whole_course import whole_course
    from ..reports.class_report import Page, class_report
    from ..reports.last_report import NoRecord, compared, first_record, keep_record, state_of

    course = load_course()
    check_writable(out)
    named = list(dict.fromkeys(assignments or ()))
    for name in named:
        course.assignment(name)
    whole = whole_course(course)
    ungraded = next((name for name in named if name not in whole.verdicts), None)
    if ungraded or not whole.verdicts:
        raise SystemExit(complain(f"no verdicts {f'of {ungraded} ' if ungraded else ''}in verdicts/: grade first", BAD_USE))
    parts = whole.parts(named or list(whole.verdicts))
    if not parts:
        raise SystemExit(complain("everybody is excused from these assignments: there is nothing to report", BAD_USE))
    page = Page(course.title, parts, whole.standings, names=whole.names, moment=_moment())
    now = state_of(list(whole.verdicts.values()), [need.student for need in whole.standings.needs], page.moment)
    try:
        page.changes, record = compared(course.root, now)
        sentences = []
    except NoRecord as error:
        sentences, record = [str(error)], first_record(now)
    page.remarks = list(sentences)
    write_whole(out, class_report(page))
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[green]wrote[/] {out}: {', '.join(f'{part.found.assignment}, {len(part.found.verdicts)} submissions' for part in parts)}")
    try:
        keep_record(course.root, record)
    except OSError as error:
        sentences.append(f"What this report shows cannot be kept in .state/: {error.strerror}. The next one says what has changed since an earlier one")
    try:
        sentences += looked_at(course, [part.found.assignment for part in parts])
    except GraderFault as fault:  # the report is made from the verdicts
        sentences.append(f"Marks by hand were not looked at: {fault}")
    for sentence in sentences:
        console.print(sentence, markup=False)


def _moment() -> str:
    """Now, as people read it."""
    now = datetime.now()
    return f"{now.day} {now:%B %Y, %H:%M}"
