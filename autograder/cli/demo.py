"""`autograder demo`: the main job on a sample class: build, grade with stock nbgrader commands, feedback, table."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ..grading.course import Course, load_course
from ..judge.jobs import GraderFault
from ..reports.feedback import points_words
from .app import app

FOLDER = "demo"
LOOK_SECONDS = 0.3
IMPATIENCE = """
# Here students hand in code that never ends; nobody should wait for them long.
for assignment in COURSE.assignments:
    if assignment.name in {names!r}:
        assignment.limits["criterion_seconds"] = 3
"""


@app.command()
def demo(
    assignments: Annotated[list[str] | None, typer.Argument(help="Assignments; all with a sample class when none is named.")] = None,
    everyone: Annotated[bool, typer.Option("--all", "--everyone", help="The whole sample class, not some of it for each assignment.")] = False,
) -> None:
    """Build the releases, grade a sample class through nbgrader, write feedback; everything lands in demo/."""
    from ..authoring.build import build
    from ..authoring.sample_class import NEVER_ENDING, hand_in, sample_class, samples

    began = time.monotonic()
    here = load_course()
    names = [name for name in assignments or here.names if (here.root / "tests" / "submissions" / name / "class.toml").is_file()]
    console = Console(highlight=False)
    some = {} if everyone else samples(names, here.root)
    waited_for = [name for name in names if NEVER_ENDING in (some.get(name) or sample_class(name, here.root))]
    course = _fresh_copy(here, waited_for)
    with Steps(console) as steps:
        with steps.step(f"building {len(names)} assignments", len(names)) as done:
            build(course, names, built=done)
        with steps.step("the sample class hands in", len(names)) as done:
            students: set[str] = set()
            for name in names:
                students |= set(hand_in(course, here.root, name, some.get(name)))
                done()
        total = _count(course.root, "submitted/*/*")
        with steps.step(f"nbgrader autograde, {total} hand-ins of {len(students)} students", total) as done:
            _nbgrader(course.root, [["autograde", name] for name in names], lambda: done(_count(course.root, "autograded/*/*")))
        with steps.step("nbgrader generate_feedback, nbgrader export", total) as done:
            commands = [*(["generate_feedback", name] for name in names), ["export"]]
            _nbgrader(course.root, commands, lambda: done(_count(course.root, "feedback/*/*")))
    console.print(class_table(course, names))
    feedback = sorted((course.root / "feedback").glob("*/*/*.html"))
    console.print(f"feedback: {len(feedback)} pages, for instance {os.path.relpath(feedback[0])}" if feedback else "no feedback was made")
    console.print(f"marks: {os.path.relpath(course.root / 'grades.csv')}, gradebook: {os.path.relpath(course.root / 'gradebook.db')}")
    console.print(f"[dim]{time.monotonic() - began:.0f} s[/]")


class Steps:
    """What is done, step by step: a bar each in a terminal, else a line each."""

    def __init__(self, console: Console):
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("[bold]{task.fields[number]}[/] {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._console, self._number = console, 0
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal)

    def __enter__(self) -> "Steps":
        self._progress.start()
        return self

    def __exit__(self, *_exc: Any) -> None:
        self._progress.stop()

    @contextmanager
    def step(self, words: str, total: int) -> Iterator[Callable[..., None]]:
        """Gives what is called when one more of `total` is done, or with how many are."""
        self._number += 1
        if not self._console.is_terminal:
            self._console.print(f"[bold]{self._number}[/] {words}")
        task = self._progress.add_task(words, total=total, number=str(self._number))

        def done(count: int | None = None) -> None:
            self._progress.update(task, advance=1) if count is None else self._progress.update(task, completed=count)

        yield done
        done(total)


def _count(root: Path, pattern: str) -> int:
    return sum(1 for _ in root.glob(pattern))


def _fresh_copy(course: Course, waited_for: list[str]) -> Course:
    """The demo grades in a folder of its own, so that the instructor's gradebook stays as it is. waited_for: assignments with code that never ends."""
    target = course.root / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name in ("course_config.py", "nbgrader_config.py"):
        shutil.copy(course.root / name, target / name)
    with open(target / "course_config.py", "a", encoding="utf-8") as config:
        config.write(IMPATIENCE.format(names=waited_for))
    for name in ("solutions", "autograder"):
        (target / name).symlink_to(course.root / name)
    shutil.copytree(course.root / "source", target / "source", ignore=shutil.ignore_patterns("*.ipynb", "__pycache__", ".ipynb_checkpoints"))
    return load_course(target)


def _nbgrader(root: Path, commands: list[list[str]], look: Callable[[], None]) -> None:
    """Stock nbgrader commands, as an instructor would type them, one after the other in one process. look: called while they run."""
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])}
    quiet = json.dumps([[*command, "--log-level=ERROR"] for command in commands])
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        command = [sys.executable, "-m", "autograder.nbgrader_plugin.commands", quiet]
        with subprocess.Popen(command, cwd=root, env=environment, stdout=out, stderr=err, text=True) as running:
            try:
                while running.poll() is None:
                    look()
                    time.sleep(LOOK_SECONDS)
            except BaseException:
                running.terminate()
                raise
        if running.returncode:
            out.seek(0)
            err.seek(0)
            last = out.read().strip().rpartition("\n")[2]
            raise GraderFault(f"a command of nbgrader failed: {last}\n{err.read().strip()[-2000:]}")


def class_table(course: Course, names: list[str]) -> Table:
    """Who has what, a row an assignment, the best first, from nbgrader's gradebook."""
    from ..nbgrader_plugin.gradebook import gradebook_of

    table = Table(title="the class", show_header=False, box=None, title_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("assignment", no_wrap=True)
    table.add_column("marks")
    with gradebook_of(course) as (gradebook, _):
        for name in names:
            marks = sorted((-s.score, s.student_id) for s in gradebook.assignment_submissions(name))
            table.add_row(name.partition("_")[0], " · ".join(f"{student} {points_words(-score)}" for score, student in marks))
    return table
