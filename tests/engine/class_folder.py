"""A course folder in which a class handed in: the commands that grade it, and what they leave behind in a form that can be compared."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.grading.course import load_course
from autograder.judge.jobs import CellOutcome, Job
from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict
from autograder.nbgrader_plugin.class_run import Tally, grade_class

NAME = "ps90_tiny"
COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()", "grade-class", NAME]
# What holds a row's name, table by table; ids are random.
NAMED_BY = {
    "assignment": "name", "notebook": "name", "base_cell": "name", "source_cell": "name", "submitted_assignment": "assignment_id || student_id",
    "submitted_notebook": "assignment_id || notebook_id", "grade": "notebook_id || cell_id", "comment": "notebook_id || cell_id",
}  # fmt: skip


@dataclass
class ClassFolder:
    """A course and its submissions."""

    root: Path

    def hand_in(self, student: str, document: Any, stamp: str = "", notebook: str = "tiny.ipynb", **files: str) -> Path:
        """One submission: a notebook (JSON or text, None for none), a time stamp, and files beside it. Returns its folder."""
        folder = self.root / "submitted" / student / NAME
        folder.mkdir(parents=True, exist_ok=True)
        texts = {notebook: document if isinstance(document, str | None) else json.dumps(document), "timestamp.txt": stamp or None, **files}
        for name, text in texts.items():
            if text is not None:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text)
        return folder

    def nbgrader(self, *arguments: str) -> str:
        """Runs a stock command; returns what it logged."""
        return self.run(sys.executable, "-m", "nbgrader", *arguments)

    def grade(self, *arguments: str) -> str:
        """`autograder grade-class`; returns what it printed, on one line."""
        return " ".join(self.run(*COMMAND, *arguments).split())

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen:
        """`autograder grade-class` in a process group of its own."""
        return subprocess.Popen(
            [*COMMAND, *arguments], cwd=self.root, env=environment(), start_new_session=True, stderr=options.pop("stderr", subprocess.DEVNULL), **options
        )

    def run(self, *command: str) -> str:
        done = subprocess.run(command, cwd=self.root, env=environment(), capture_output=True, text=True)
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return done.stdout + done.stderr

    def database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.root / "gradebook.db", timeout=30)

    def tables(self) -> dict[str, list[tuple]]:
        """All tables of the gradebook; ids replaced by names."""
        with self.database() as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            columns = {table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")] for table in names}
            rows = {table: database.execute(f"SELECT {', '.join(columns[table])} FROM {table}").fetchall() for table in names}
            known = {}
            for table, expression in NAMED_BY.items():
                for identity, *parts in database.execute(f"SELECT id, {expression.replace('||', ',')} FROM {table}"):
                    known[identity] = " ".join(str(known.get(part, part)) for part in parts)
        return {table: sorted((tuple(known.get(value, value) for value in row) for row in rows[table]), key=repr) for table in names}

    def files(self) -> dict[str, tuple[int, bytes | None]]:
        """Everything in autograded/: permissions and bytes by path."""
        top = self.root / "autograded"
        return {str(path.relative_to(top)): (path.lstat().st_mode, path.read_bytes() if path.is_file() else None) for path in sorted(top.rglob("*"))}

    def verdicts(self) -> dict[str, dict]:
        """The verdicts by path, without their times."""
        top = self.root / "verdicts"
        return {str(path.relative_to(top)): _timeless(json.loads(path.read_text())) for path in sorted(top.rglob("*")) if path.is_file()}

    def state(self) -> tuple:
        """All that grading leaves behind."""
        return self.tables(), self.files(), self.verdicts()

    def journal(self) -> list[str]:
        """The students of the journal, line by line."""
        path = self.root / ".state" / f"{NAME}.jsonl"
        return [json.loads(line)["student"] for line in path.read_text().splitlines() if line.endswith("}")] if path.is_file() else []


@dataclass
class Canned:
    """Stands for a Pool: gives each submission a verdict made from its text, and remembers whom it judged."""

    judged: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def judge(self, jobs, on_verdict, on_fault=None) -> None:
        for job in jobs:
            self.judged.append(job.tag[0].student)
            time.sleep(self.seconds)
            on_verdict(job, *self.verdict_on(job))

    def verdict_on(self, job: Job) -> tuple[Verdict, list[CellOutcome]]:
        code = "".join(cell.source for cell in job.plan.cells) if job.plan else ""
        criteria = [CriterionResult("a criterion", 1, "min=0" in code, "passed" if "min=0" in code else "wrong value")]
        exercises = [ExerciseResult(name, points, criteria) for name, points in job.points.items()]
        outputs = [{"output_type": "stream", "name": "stdout", "text": code}]
        return Verdict(job.assignment, job.notebook, exercises), [CellOutcome("ok", outputs) for _ in (job.plan.cells if job.plan else ())]

    def grade(self, folder: ClassFolder, everything: bool = False, device: str = "cpu") -> Tally:
        return grade_class(load_course(folder.root), [NAME], self.judge, "none", device, everything)


def side_by_side(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls return. They run at the same time: commands in folders of their own, most of whose time is their start."""
    with ThreadPoolExecutor(len(calls)) as executor:
        return [future.result() for future in [executor.submit(call) for call in calls]]


def environment() -> dict[str, str]:
    """As in a shell where the kit is installed."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    kit = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PATH": path, "PYTHONPATH": kit, "OMP_NUM_THREADS": "1"}


def _timeless(verdict: dict) -> dict:
    verdict.pop("seconds")
    for exercise in verdict["exercises"]:
        for criterion in exercise["criteria"]:
            criterion.pop("seconds")
    return verdict
