"""`autograder grade-class`."""

import os
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ..grading.course import load_course
from .main import CANNOT_WORK, app


@app.command("grade-class")
def grade_class(
    assignments: Annotated[list[str], typer.Argument(help="Assignments to grade.")],
    jobs: Annotated[int, typer.Option(help="Graders side by side; 0 for one a core.")] = 0,
    device: Annotated[str | None, typer.Option(help="cpu or cuda.")] = None,
    sandbox: Annotated[str | None, typer.Option(help="bwrap, or none: run student code without a wall.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Judge again what has not changed, too.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after an interruption. This is what happens anyhow; the word says what you mean.")] = False,
    only_changed: Annotated[bool, typer.Option("--only-changed", help="Only what is new or changed; the default.")] = True,
) -> None:
    """Grade all submissions in submitted/, in parallel, into nbgrader's gradebook.

    A submission is judged again when its notebook, the grader or the settings changed, and only then. Stopped at any moment, the next call goes on.
    Exit status: 0 all graded, 2 bad use, 3 some could not be graded (they are named and can be done again).
    """
    from ..runs.class_run import grade_class as run_class
    from ..runs.class_run import submissions_of
    from ..runs.pool import Pool

    course = load_course()
    for name in assignments:
        course.master(name)
    kind, device = sandbox or course.sandbox, device or course.device
    console = Console(highlight=False)
    total = len(submissions_of(course, assignments))
    if total == 0:
        console.print(f"no submissions of {', '.join(assignments)} in submitted/")
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    everything = everything and not resume
    with Progress(*columns, console=console) as progress, Pool(course, jobs or os.cpu_count() or 1, kind, device) as pool:
        task = progress.add_task("grading", total=total, rate="")

        def advance(_submission, _verdict) -> None:
            progress.advance(task)
            speed = progress.tasks[0].speed
            progress.update(task, rate=f"{60 * speed:.0f} a minute" if speed else "")

        tally = run_class(course, assignments, pool.judge, kind, device, everything, advance)
    words = [f"{tally.graded} graded", f"{tally.unchanged} unchanged"]
    words += [f"{tally.unreadable} of them unreadable"] if tally.unreadable else []
    console.print(", ".join(words))
    for student, assignment, sentence in tally.faults:
        console.print(f"[red]not graded:[/] {escape(student)}, {assignment}: {escape(sentence)}", soft_wrap=True)
    if tally.faults:
        console.print("Run the same command again to grade these.")
        raise SystemExit(CANNOT_WORK)
