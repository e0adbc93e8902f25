"""`autograder grade-class`."""

import os
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ..grading.course import Course, load_course
from .app import BAD_USE, CANNOT_WORK, app, check_choice, complain
from .output_file import check_writable, write_whole

NAMED = 5  # students named in one sentence


@app.command("grade-class")
def grade_class(
    assignments: Annotated[list[str], typer.Argument(help="Assignments to grade.")],
    jobs: Annotated[int | None, typer.Option(help="Graders side by side on this machine; one a core if not given.")] = None,
    device: Annotated[str | None, typer.Option(help="cpu or cuda.")] = None,
    sandbox: Annotated[str | None, typer.Option(help="bwrap, or none: run student code without a wall.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Judge again what has not changed, too.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after an interruption. This is what happens anyhow; the word says what you mean.")] = False,
    only_changed: Annotated[bool, typer.Option("--only-changed", help="Only what is new or changed. This is what happens anyhow.")] = False,
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Judge on the workers of this Dask scheduler: tcp://host:port or its file.")] = None,
    changes: Annotated[Path | None, typer.Option(metavar="FILE", help="Write marks that were there and are others now here: .csv or .json.")] = None,
    wait: Annotated[float, typer.Option(metavar="SECONDS", help="How long to wait for the scheduler and for a worker.")] = 60,
) -> None:
    """Grade all submissions in submitted/, in parallel, into nbgrader's gradebook.

    A submission is judged again when its notebook, the grader or the settings changed, and only then; due dates, late policy, extensions and excuses
    take effect without judging. Marks that change are listed. Stopped at any moment, the next call goes on.
    Where a hidden grader is broken, its file and line are named, nothing more of its assignment is graded, and the others go on.
    Exit status: 0 all graded, 2 bad use, 3 some could not be graded, files without a notebook among them included (they are named and can be done again).
    """
    course = load_course()
    for name in assignments:
        course.master(name)
    check_writable(changes)
    _check(jobs, device, sandbox, everything and (resume or only_changed), scheduler, wait)
    from ..nbgrader_plugin.class_run import grade_class as run_class
    from ..nbgrader_plugin.class_run import submissions_of
    from ..nbgrader_plugin.marks_by_hand import looked_at
    from ..reports.mark_changes import changes_csv, changes_json

    assignments = list(dict.fromkeys(assignments))
    kind, device = sandbox or course.sandbox, device or course.device
    console = Console(highlight=False)
    total = len(submissions_of(course, assignments))
    if total == 0:
        console.print(f"no submissions of {', '.join(assignments)} in submitted/")
        return
    with _judges(course, jobs, kind, device, scheduler, wait) as judges, _Bar(console, total) as bar:
        tally = run_class(course, assignments, judges.judge, kind, device, everything, bar.step)
    if changes is not None:
        make = changes_json if changes.suffix == ".json" else changes_csv
        write_whole(changes, make(tally.changes))
    failed = _report(console, tally, course.root)
    for sentence in looked_at(course, assignments):
        console.print(sentence, markup=False, soft_wrap=True)
    if failed:
        raise SystemExit(CANNOT_WORK)


def _check(jobs: int | None, device: str | None, sandbox: str | None, both: bool, scheduler: str | None, wait: float) -> None:
    check_choice("--device", device, ("cpu", "cuda"))
    check_choice("--sandbox", sandbox, ("bwrap", "none"))
    if both:
        raise SystemExit(complain("--all judges what has not changed, too; --resume and --only-changed do not: say one of them", BAD_USE))
    if jobs is not None and jobs < 1:
        raise SystemExit(complain(f"--jobs is {jobs}; at least 1 is needed", BAD_USE))
    if jobs is not None and scheduler is not None:
        raise SystemExit(complain("--jobs counts graders on this machine; with --scheduler each worker of the cluster is one: leave --jobs out", BAD_USE))
    if not wait > 0:
        raise SystemExit(complain(f"--wait is {wait:g}; a positive number of seconds is needed", BAD_USE))


def _judges(course: Course, jobs: int | None, kind: str, device: str, scheduler: str | None, wait: float) -> AbstractContextManager[Any]:
    if scheduler is None:
        from ..runs.pool import Pool

        return Pool(course, jobs or os.cpu_count() or 1, kind, device)
    from ..runs.cluster import Cluster

    return Cluster(course, scheduler, kind, device, wait)


class _Bar:
    """The progress bar: done of all, submissions a minute, time gone and left, failures of the grader."""

    def __init__(self, console: Console, total: int):
        from ..runs.pace import Pace

        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"), TextColumn("[red]{task.fields[failed]}"),
        )  # fmt: skip
        self._progress = Progress(*columns, console=console)
        self._task = self._progress.add_task("grading", total=total, rate="", left="", failed="")
        self._pace, self._failed = Pace(total), 0

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *_exc: Any) -> None:
        self._progress.stop()

    def step(self, _submission: Any, outcome: Any) -> None:
        self._failed += isinstance(outcome, Exception)
        self._pace.step(judged=outcome is not None)
        rate, left = self._pace.per_minute, self._pace.seconds_left
        self._progress.update(
            self._task, advance=1, rate=f"{rate:.0f} a minute" if rate else "", failed=f"{self._failed} not graded" if self._failed else "",
            left=f"{timedelta(seconds=round(left))} left" if left else "",
        )  # fmt: skip


def _report(console: Console, tally: Any, root: Path) -> bool:
    """Says what was done; whether something could not be."""
    words = [f"{tally.graded} graded"] + ([f"{len(tally.unreadable)} of them unreadable"] if tally.unreadable else [])
    console.print(", ".join([*words, f"{tally.unchanged} unchanged"]))
    if tally.empty:
        console.print(f"no notebook in the folder: {_named([(student, assignment) for student, assignment, _ in tally.empty])}", soft_wrap=True)
    for sentence in tally.notes:
        console.print(sentence, markup=False, soft_wrap=True)
    _by_sentence(console, "unreadable, no points", tally.unreadable)
    _show_changes(console, tally.changes, root)
    _by_sentence(console, "not graded", tally.strange)
    if tally.strange:
        console.print("Ask these students for the notebook, or put it into their folders, and run the same command again.")
    _by_sentence(console, "not graded", tally.faults)
    if tally.faults:
        console.print("Run the same command again to grade these.")
    return bool(tally.faults or tally.strange)


def _show_changes(console: Console, changes: list[Any], root: Path) -> None:
    if changes:
        from ..reports.mark_changes import SHOWN, changes_table, keep

        kept = keep(root, changes).relative_to(root)
        more = f"; {len(changes) - SHOWN} more are" if len(changes) > SHOWN else "; they are"
        console.print(f"[yellow]{len(changes)} marks changed[/]{more} in {kept}", soft_wrap=True)
        console.print(changes_table(changes))


def _by_sentence(console: Console, what: str, submissions: list[tuple[str, str, str]]) -> None:
    found: dict[str, list[tuple[str, str]]] = {}
    for student, assignment, sentence in submissions:
        found.setdefault(sentence, []).append((student, assignment))
    for sentence, named in found.items():
        console.print(f"[red]{what}:[/] {_named(named)}: {escape(sentence)}", soft_wrap=True)


def _named(submissions: list[tuple[str, str]]) -> str:
    names = [f"{student}, {assignment}" for student, assignment in submissions[:NAMED]]
    more = len(submissions) - NAMED
    return escape("; ".join(names) + (f" and {more} more" if more > 0 else ""))
