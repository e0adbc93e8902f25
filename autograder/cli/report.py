"""`autograder report`."""

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
    assignments: Annotated[list[str], typer.Argument(help="Assignments to report on.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The HTML file to write.")] = Path("report.html"),
) -> None:
    """Write a report on the class for the instructor: scores, exercises, mistakes, the run. One HTML file, made from the stored verdicts.

    Exit status: 0 done, 2 bad use (nothing graded yet, for instance).
    """
    from ..nbgrader_plugin.class_run import submissions_of
    from ..nbgrader_plugin.marks_by_hand import looked_at
    from ..reports.class_report import ReportPart, class_report
    from ..reports.class_verdicts import load_class

    course = load_course()
    check_writable(out)
    parts = []
    for name in dict.fromkeys(assignments):
        title = course.assignment(name).title
        found = load_class(course.root, name)
        if not found.verdicts:
            raise SystemExit(complain(f"no verdicts of {name} in verdicts/: grade first", BAD_USE))
        waiting = [submission.student for submission in submissions_of(course, [name]) if submission.student not in found.verdicts]
        parts.append(ReportPart(title, found, waiting))
    write_whole(out, class_report(course.title, parts))
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[green]wrote[/] {out}: {', '.join(f'{part.found.assignment}, {len(part.found.verdicts)} submissions' for part in parts)}")
    try:
        sentences = looked_at(course, [part.found.assignment for part in parts])
    except GraderFault as fault:  # the report is made from the verdicts
        sentences = [f"Marks by hand were not looked at: {fault}"]
    for sentence in sentences:
        console.print(sentence, markup=False)
