"""`autograder verify`."""

import json
import os
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from ..grading.course import load_course
from .app import BAD_USE, app, complain


@app.command()
def verify(
    assignments: Annotated[list[str] | None, typer.Argument(help="Assignments; all of the course when none is named.")] = None,
    exercise: Annotated[str | None, typer.Option(help="Only this exercise.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the findings here.")] = None,
    mutants: Annotated[bool, typer.Option(help="Mutants of the reference as well.")] = True,
    jobs: Annotated[int, typer.Option(help="Graders side by side; 0 for one a core.")] = 0,
) -> None:
    """Test the graders: right answers accepted, wrong ones rejected on the criteria they name, mutants caught.

    Exit status: 0 all is well, 1 something was found, 2 bad use, 3 the grader itself could not work.
    """
    from ..authoring.verify import Report
    from ..authoring.verify import verify as verify_assignment
    from ..judge.jobs import BrokenGrader
    from ..notebooks.reference import exercises_of
    from ..runs.pool import Pool
    from ..sandbox.launch import bubblewrap_works

    course = load_course()
    names = assignments or course.names
    for name in names:
        course.assignment(name)
        if exercise and exercise not in exercises_of(name, course.root):
            raise SystemExit(complain(f"{name} has no exercise {exercise!r}", BAD_USE))
    console = Console(highlight=False)
    reports: list[Report] = []
    broken: list[str] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # These are the author's own files: without bubblewrap they are judged without a wall.
    kind = "bwrap" if bubblewrap_works() else "none"
    with Pool(course, jobs or os.cpu_count() or 1, kind) as pool, Progress(*columns, console=console, transient=True) as progress:
        for name in names:
            task = progress.add_task(name, total=None)
            try:
                reports.append(verify_assignment(course, name, pool, exercise, mutants, partial(_show_progress, progress, task)))
            except BrokenGrader as error:
                broken.append(str(error))
            progress.remove_task(task)
    for report in reports:
        _show(console, report, mutants)
    if json_file is not None:
        json_file.write_text(json.dumps([report.to_json() for report in reports], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if broken:
        raise BrokenGrader("; ".join(broken))
    if any(report.problems() for report in reports):
        raise SystemExit(1)


def _show_progress(progress: Progress, task: TaskID, done: int, total: int) -> None:
    progress.update(task, completed=done, total=total)


def _show(console: Console, report, mutants: bool) -> None:
    table = Table(title=report.assignment, title_style="bold", title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("exercise", "reference", "right accepted", "wrong rejected", "seen by the check", "sabotages seen", "mutants killed", "equivalent"):
        table.add_column(title, justify="left" if title == "exercise" else "right")
    for e in report.exercises.values():
        table.add_row(
            e.name, "[red]loses[/]" if e.reference else "[green]full[/]", _share(e.right - len(e.rejected_right), e.right),
            _share(e.wrong - len(e.accepted_wrong), e.wrong), f"{e.seen}/{e.wrong}",
            _share(e.sabotages - len(e.unseen_sabotages), e.sabotages) if e.sabotages else "–",
            _share(e.killed, e.mutants - e.equivalent), str(e.equivalent) if mutants else "–",
        )  # fmt: skip
    console.print(table)
    wrong = sum(e.wrong for e in report.exercises.values())
    if wrong:
        console.print(f"seen by the check {sum(e.seen for e in report.exercises.values()) / wrong:.0%}")
    if mutants:
        console.print(f"mutation score {report.score:.1%}")
    for e in report.exercises.values():
        for survivor in e.survivors:
            console.print(f"[yellow]survivor[/] {e.name}, {survivor['kind']}\n{escape(survivor['diff'])}", soft_wrap=True)
    for problem in report.problems():
        console.print(f"[red]✗[/] {escape(problem)}", soft_wrap=True)


def _share(part: int, whole: int) -> str:
    return f"[{'green' if part == whole else 'red'}]{part}/{whole}[/]"
