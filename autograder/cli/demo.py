"""`autograder demo`: the main job on a sample class: build, grade with stock nbgrader commands, feedback, table."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ..grading.course import Course, load_course
from ..judge.jobs import GraderFault
from ..reports.feedback import points_words
from .app import app

FOLDER = "demo"
IMPATIENCE = """
# The sample class has students whose code never ends; nobody should wait for them long.
COURSE.limits["criterion_seconds"] = 3
"""


@app.command()
def demo(
    assignments: Annotated[list[str] | None, typer.Argument(help="Assignments; all with a sample class when none is named.")] = None,
    everyone: Annotated[bool, typer.Option("--everyone", help="The whole sample class, not some of it for each assignment.")] = False,
) -> None:
    """Build the releases, grade a sample class through nbgrader, write feedback; everything lands in demo/."""
    from ..authoring.build import build
    from ..authoring.sample_class import hand_in, samples

    began = time.monotonic()
    here = load_course()
    names = [name for name in assignments or here.names if (here.root / "tests" / "submissions" / name / "class.toml").is_file()]
    console = Console(highlight=False)
    course = _fresh_copy(here)
    console.print(f"[bold]1[/] building {len(names)} assignments")
    build(course, names)
    console.print("[bold]2[/] the sample class hands in")
    some = {} if everyone else samples(names, here.root)
    students = sorted({student for name in names for student in hand_in(course, here.root, name, some.get(name))})
    console.print(f"[bold]3[/] nbgrader autograde, {len(students)} students")
    _nbgrader(course.root, [["autograde", name] for name in names])
    console.print("[bold]4[/] nbgrader generate_feedback, nbgrader export")
    _nbgrader(course.root, [*(["generate_feedback", name] for name in names), ["export"]])
    console.print(class_table(course, names))
    feedback = sorted((course.root / "feedback").glob("*/*/*.html"))
    console.print(f"feedback: {len(feedback)} pages, for instance {os.path.relpath(feedback[0])}" if feedback else "no feedback was made")
    console.print(f"marks: {os.path.relpath(course.root / 'grades.csv')}, gradebook: {os.path.relpath(course.root / 'gradebook.db')}")
    console.print(f"[dim]{time.monotonic() - began:.0f} s[/]")


def _fresh_copy(course: Course) -> Course:
    """The demo grades in a folder of its own, so that the instructor's gradebook stays as it is."""
    target = course.root / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name in ("course_config.py", "nbgrader_config.py"):
        shutil.copy(course.root / name, target / name)
    with open(target / "course_config.py", "a", encoding="utf-8") as config:
        config.write(IMPATIENCE)
    for name in ("solutions", "autograder"):
        (target / name).symlink_to(course.root / name)
    shutil.copytree(course.root / "source", target / "source", ignore=shutil.ignore_patterns("*.ipynb", "__pycache__", ".ipynb_checkpoints"))
    return load_course(target)


def _nbgrader(root: Path, commands: list[list[str]]) -> None:
    """Stock nbgrader commands, as an instructor would type them, one after the other in one process."""
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])}
    quiet = json.dumps([[*command, "--log-level=ERROR"] for command in commands])
    done = subprocess.run(
        [sys.executable, "-m", "autograder.nbgrader_plugin.commands", quiet], cwd=root, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        last = done.stdout.strip().rpartition("\n")[2]
        raise GraderFault(f"a command of nbgrader failed: {last}\n{done.stderr.strip()[-2000:]}")


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
